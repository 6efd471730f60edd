using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Storage.Traces.Records;

/// <summary>Makes the record of a batch: how it stands in the log and in the head; docs/formats/trace-wal.md has the byte diagram.</summary>
/// <remarks>Not thread-safe; its buffers are used again.</remarks>
internal sealed class SpanRecordWriter
{
    /// <summary>First byte of a record.</summary>
    public const byte BatchKind = 1;

    /// <summary>A larger buffer is not kept for the next batch.</summary>
    private const int MaxKeptBytes = 16 * 1024 * 1024;

    private TextTable _texts = new();
    private ByteWriter _body = new(64 * 1024);
    private readonly ByteWriter _span = new();
    private readonly ByteWriter _head = new();
    private TextTable _distinct = new();
    private readonly ByteWriter _one = new();

    /// <summary>Which resource, and which scope, each one of the batch is in the record.</summary>
    private int[] _resourceOf = [];
    private int[] _scopeOf = [];

    /// <summary>The payload of a batch's record.</summary>
    public byte[] Write(SpanBatch batch)
    {
        _texts.Clear();
        _body.Clear();
        WriteResources(batch);
        WriteScopes(batch);
        _body.UVarint((ulong)batch.Count);
        for (var i = 0; i < batch.Count; i++)
        {
            _span.Clear();
            WriteSpan(batch, batch[i]);
            _body.UVarint((ulong)_span.Length);
            _body.Bytes(_span.Written);
        }
        _head.Clear();
        _head.U8(BatchKind);
        _head.Text(batch.Tenant);
        _head.UVarint((ulong)_texts.Count);
        var texts = _texts.Written;
        var payload = GC.AllocateUninitializedArray<byte>(_head.Length + texts.Length + _body.Length);
        _head.Written.CopyTo(payload);
        texts.CopyTo(payload.AsSpan(_head.Length));
        _body.Written.CopyTo(payload.AsSpan(_head.Length + texts.Length));
        if (payload.Length > MaxKeptBytes)
        {
            (_texts, _distinct, _body) = (new TextTable(), new TextTable(), new ByteWriter(64 * 1024));
        }
        return payload;
    }

    /// <summary>Resources and scopes that are alike are one in the record: a collector may send one for each span.</summary>
    private void WriteResources(SpanBatch batch)
    {
        BeginDistinct(ref _resourceOf, batch.ResourceCount);
        for (var i = 0; i < batch.ResourceCount; i++)
        {
            ref readonly var resource = ref batch.Resource(i);
            _one.Clear();
            _one.UVarint(resource.DroppedAttributes);
            Text(_one, batch, resource.SchemaUrl);
            WriteAttributes(_one, batch, resource.Attributes);
            _resourceOf[i] = KeepDistinct();
        }
        EndDistinct();
    }

    private void WriteScopes(SpanBatch batch)
    {
        BeginDistinct(ref _scopeOf, batch.ScopeCount);
        for (var i = 0; i < batch.ScopeCount; i++)
        {
            ref readonly var scope = ref batch.Scope(i);
            _one.Clear();
            _one.UVarint((ulong)_resourceOf[scope.Resource]);
            Text(_one, batch, scope.Name);
            Text(_one, batch, scope.Version);
            _one.UVarint(scope.DroppedAttributes);
            Text(_one, batch, scope.SchemaUrl);
            WriteAttributes(_one, batch, scope.Attributes);
            _scopeOf[i] = KeepDistinct();
        }
        EndDistinct();
    }

    private void BeginDistinct(ref int[] numbers, int count)
    {
        _distinct.Clear();
        if (numbers.Length < count)
        {
            numbers = new int[count * 2];
        }
    }

    private int KeepDistinct() => _distinct.NumberOf(_one.Written) - 1;

    private void EndDistinct()
    {
        _body.UVarint((ulong)_distinct.Count);
        for (var i = 0; i < _distinct.Count; i++)
        {
            _body.Bytes(_distinct[i]);
        }
    }

    private void WriteSpan(SpanBatch batch, in SpanRow span)
    {
        WriteId(span.TraceId);
        _span.U64(span.SpanId);
        _span.U64((ulong)span.StartNs);
        _span.Varint(unchecked(span.EndNs - span.StartNs));
        var fields = FieldsOf(span);
        _span.U8((byte)fields);
        _span.U8((byte)span.Kind);
        _span.U8((byte)span.Status);
        _span.UVarint((ulong)_scopeOf[span.ScopeIndex]);
        Text(_span, batch, span.Name);
        if ((fields & SpanFields.Parent) != 0)
        {
            _span.U64(span.ParentSpanId);
        }
        if ((fields & SpanFields.StatusMessage) != 0)
        {
            Text(_span, batch, span.StatusMessage);
        }
        if ((fields & SpanFields.TraceState) != 0)
        {
            Text(_span, batch, span.TraceState);
        }
        if ((fields & SpanFields.Flags) != 0)
        {
            _span.UVarint(span.Flags);
        }
        if ((fields & SpanFields.Dropped) != 0)
        {
            _span.UVarint(span.DroppedAttributes);
            _span.UVarint(span.DroppedEvents);
            _span.UVarint(span.DroppedLinks);
        }
        WriteAttributes(_span, batch, span.Attributes);
        if ((fields & SpanFields.Events) != 0)
        {
            WriteEvents(batch, span);
        }
        if ((fields & SpanFields.Links) != 0)
        {
            WriteLinks(batch, span);
        }
    }

    private static SpanFields FieldsOf(in SpanRow span) =>
        (span.ParentSpanId != 0 ? SpanFields.Parent : 0) | (span.StatusMessage.IsEmpty ? 0 : SpanFields.StatusMessage)
        | (span.TraceState.IsEmpty ? 0 : SpanFields.TraceState) | (span.Flags != 0 ? SpanFields.Flags : 0)
        | ((span.DroppedAttributes | span.DroppedEvents | span.DroppedLinks) != 0 ? SpanFields.Dropped : 0)
        | (span.EventCount > 0 ? SpanFields.Events : 0) | (span.LinkCount > 0 ? SpanFields.Links : 0);

    private void WriteEvents(SpanBatch batch, in SpanRow span)
    {
        _span.UVarint((ulong)span.EventCount);
        foreach (ref readonly var happened in batch.EventsOf(span))
        {
            _span.Varint(unchecked(happened.TimeNs - span.StartNs));
            Text(_span, batch, happened.Name);
            _span.UVarint(happened.DroppedAttributes);
            WriteAttributes(_span, batch, happened.Attributes);
        }
    }

    private void WriteLinks(SpanBatch batch, in SpanRow span)
    {
        _span.UVarint((ulong)span.LinkCount);
        foreach (ref readonly var link in batch.LinksOf(span))
        {
            WriteId(link.TraceId);
            _span.U64(link.SpanId);
            Text(_span, batch, link.TraceState);
            _span.UVarint(link.Flags);
            _span.UVarint(link.DroppedAttributes);
            WriteAttributes(_span, batch, link.Attributes);
        }
    }

    private void WriteId(TraceId id)
    {
        _span.U64BigEndian(id.High);
        _span.U64BigEndian(id.Low);
    }

    private void WriteAttributes(ByteWriter into, SpanBatch batch, in AttributeRange range)
    {
        into.UVarint((ulong)range.Count);
        for (var at = range.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref var row = ref batch.Attribute(at);
            Text(into, batch, row.Key);
            into.U8((byte)row.Kind);
            switch (row.Kind)
            {
                case AttributeKind.Bool:
                    into.U8(row.Bits != 0 ? (byte)1 : (byte)0);
                    break;
                case AttributeKind.Int:
                    into.Varint(row.Bits);
                    break;
                case AttributeKind.Double:
                    into.U64((ulong)row.Bits);
                    break;
                case AttributeKind.Empty:
                    break;
                default:
                    Text(into, batch, row.Text);
                    break;
            }
        }
    }

    private void Text(ByteWriter into, SpanBatch batch, BatchText text) => into.UVarint((ulong)_texts.NumberOf(batch.Text(text)));
}
