using System.Buffers.Binary;
using Pharos.Collection.Protobuf;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads <c>ExportTraceServiceRequest</c> from protobuf into a batch, span by span.</summary>
/// <remarks>opentelemetry/proto/collector/trace/v1 and opentelemetry/proto/trace/v1. What a resource, a scope, an event or a link says of
/// itself is read before what stands below it, wherever it stands. Not thread-safe; made to be used again.</remarks>
internal sealed class OtlpTraceProtobuf(SpanBatch batch) : IDisposable
{
    private const int SpanIdSize = 8;

    private readonly OtlpAttributeProtobuf _attributes = new(batch);
    private readonly Utf8Text _text = new();
    private readonly Utf8Text _version = new();
    private RejectedSpans _rejected;
    private RowBudget _rows;

    /// <summary>Fills the batch.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public RejectedSpans Read(ReadOnlySpan<byte> message)
    {
        _rejected = default;
        _rows = default;
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            if (field == 1)
            {
                ReadResource(request.Bytes());
            }
            else
            {
                request.Skip();
            }
        }
        return _rejected;
    }

    public void Dispose() => _attributes.Dispose();

    private void ReadResource(ReadOnlySpan<byte> message)
    {
        _rows.Take();
        batch.BeginResource();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    ReadAttributes(fields.Bytes(), 1, 2);
                    break;
                case 3:
                    batch.SetResourceSchema(_text.Valid(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadScope(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadScope(ReadOnlySpan<byte> message)
    {
        _rows.Take();
        var scope = ReadOnlySpan<byte>.Empty;
        var schema = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    scope = fields.Bytes();
                    break;
                case 3:
                    schema = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        BeginScope(scope);
        if (!schema.IsEmpty)
        {
            batch.SetScopeSchema(_text.Valid(schema));
        }
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadSpan(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void BeginScope(ReadOnlySpan<byte> message)
    {
        var name = ReadOnlySpan<byte>.Empty;
        var version = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    name = fields.Bytes();
                    break;
                case 2:
                    version = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        batch.BeginScope(_text.Valid(name), _version.Valid(version));
        ReadAttributes(message, 3, 4);
    }

    /// <summary>Adds attributes to what was begun last.</summary>
    private void ReadAttributes(ReadOnlySpan<byte> message, int attributesField, int droppedField)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == attributesField)
            {
                _rows.Take();
                _attributes.Read(fields.Bytes());
            }
            else if (field == droppedField)
            {
                batch.SetDroppedAttributes((uint)fields.UInt64());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadSpan(ReadOnlySpan<byte> message)
    {
        ref var row = ref batch.BeginSpan();
        var wrong = RejectedSpans.TraceId;
        var (hasTraceId, hasSpanId, hasParentId, hasLinkIds) = (false, false, true, true);
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    hasTraceId = TryTraceId(fields.Bytes(), out var traceId) && !traceId.IsZero;
                    row.TraceId = traceId;
                    break;
                case 2:
                    hasSpanId = TrySpanId(fields.Bytes(), out var spanId) && spanId != 0;
                    row.SpanId = spanId;
                    break;
                case 3:
                    row.TraceState = batch.Keep(_text.Valid(fields.Bytes()));
                    break;
                case 4:
                    var parent = fields.Bytes();
                    hasParentId = TrySpanId(parent, out var parentId) || parent.IsEmpty;
                    row.ParentSpanId = parentId;
                    break;
                case 5:
                    row.Name = batch.Keep(_text.Valid(fields.Bytes()));
                    break;
                case 6:
                    row.Kind = OtlpEnums.Kind(fields.Int64());
                    break;
                case 7:
                    row.StartNs = OtlpEnums.TimeNs(fields.Fixed64());
                    break;
                case 8:
                    row.EndNs = OtlpEnums.TimeNs(fields.Fixed64());
                    break;
                case 9:
                    _rows.Take();
                    batch.BackToSpan();
                    _attributes.Read(fields.Bytes());
                    break;
                case 10:
                    row.DroppedAttributes = (uint)fields.UInt64();
                    break;
                case 11:
                    ReadEvent(fields.Bytes());
                    break;
                case 12:
                    row.DroppedEvents = (uint)fields.UInt64();
                    break;
                case 13:
                    hasLinkIds &= ReadLink(fields.Bytes());
                    break;
                case 14:
                    row.DroppedLinks = (uint)fields.UInt64();
                    break;
                case 15:
                    ReadStatus(fields.Bytes(), ref row);
                    break;
                case 16:
                    row.Flags = fields.Fixed32();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        if (!hasTraceId || !hasSpanId || !hasParentId || !hasLinkIds)
        {
            wrong = !hasTraceId ? wrong : !hasSpanId ? RejectedSpans.SpanId : !hasParentId ? RejectedSpans.ParentId : RejectedSpans.LinkId;
            batch.RemoveLast();
            _rejected.Add(wrong);
        }
    }

    private void ReadStatus(ReadOnlySpan<byte> message, ref SpanRow row)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 2:
                    row.StatusMessage = batch.Keep(_text.Valid(fields.Bytes()));
                    break;
                case 3:
                    row.Status = OtlpEnums.Status(fields.Int64());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private void ReadEvent(ReadOnlySpan<byte> message)
    {
        _rows.Take();
        var timeNs = 0L;
        var name = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    timeNs = OtlpEnums.TimeNs(fields.Fixed64());
                    break;
                case 2:
                    name = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        batch.BeginEvent(timeNs, _text.Valid(name));
        ReadAttributes(message, 3, 4);
    }

    /// <summary>False where its ids are none.</summary>
    private bool ReadLink(ReadOnlySpan<byte> message)
    {
        _rows.Take();
        var state = ReadOnlySpan<byte>.Empty;
        var (traceId, spanId, flags) = (default(TraceId), 0UL, 0U);
        var hasIds = true;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    var trace = fields.Bytes();
                    hasIds &= TryTraceId(trace, out traceId) || trace.IsEmpty;
                    break;
                case 2:
                    var span = fields.Bytes();
                    hasIds &= TrySpanId(span, out spanId) || span.IsEmpty;
                    break;
                case 3:
                    state = fields.Bytes();
                    break;
                case 6:
                    flags = fields.Fixed32();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        batch.BeginLink(traceId, spanId, _text.Valid(state), flags);
        ReadAttributes(message, 4, 5);
        return hasIds;
    }

    private static bool TryTraceId(ReadOnlySpan<byte> bytes, out TraceId id)
    {
        id = bytes.Length == TraceId.Size ? TraceId.FromBytes(bytes) : default;
        return bytes.Length == TraceId.Size;
    }

    private static bool TrySpanId(ReadOnlySpan<byte> bytes, out ulong id)
    {
        id = bytes.Length == SpanIdSize ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return bytes.Length == SpanIdSize;
    }
}
