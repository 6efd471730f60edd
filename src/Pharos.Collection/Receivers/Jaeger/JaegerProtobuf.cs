using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Protobuf;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Reads <c>jaeger.api_v2.Batch</c> from protobuf, span by span.</summary>
/// <remarks>github.com/jaegertracing/jaeger-idl, proto/api_v2/model.proto. A batch's process is found before its spans, wherever it stands;
/// a span's own process wins over it. Kinds of values have other numbers than in Thrift.</remarks>
internal sealed class JaegerProtobuf(JaegerSpanWriter writer)
{
    /// <summary>Bounds what the tags, references and log fields of one request make of memory: an empty one takes two bytes on the wire.</summary>
    private const int MaxParts = 4_000_000;

    private const int SpanIdSize = 8;

    private readonly JaegerSpan _span = new();
    private readonly List<string> _warnings = [];
    private int _parts;

    private delegate void TagSink(JaegerProtobuf reader, ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> text, long bits);

    /// <summary>Reads <c>PostSpansRequest</c>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public void ReadRequest(ReadOnlySpan<byte> message)
    {
        _parts = 0;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                ReadBatch(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadBatch(ReadOnlySpan<byte> message)
    {
        var shared = ReadOnlySpan<byte>.Empty;
        var hasShared = false;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                shared = fields.Bytes();
                hasShared = true;
            }
            else
            {
                fields.Skip();
            }
        }
        var begun = false;
        var current = ReadOnlySpan<byte>.Empty;
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field != 1)
            {
                fields.Skip();
                continue;
            }
            var span = fields.Bytes();
            var hasOwn = TryOwnProcess(span, out var process);
            process = hasOwn ? process : shared;
            if (!begun || !process.SequenceEqual(current))
            {
                BeginProcess(process, hasOwn || hasShared);
                begun = true;
                current = process;
            }
            ReadSpan(span);
            writer.Write(_span);
        }
    }

    private static bool TryOwnProcess(ReadOnlySpan<byte> span, out ReadOnlySpan<byte> process)
    {
        process = default;
        var found = false;
        var fields = new ProtobufReader(span);
        while (fields.Next(out var field))
        {
            if (field == 10)
            {
                process = fields.Bytes();
                found = true;
            }
            else
            {
                fields.Skip();
            }
        }
        return found;
    }

    private void BeginProcess(ReadOnlySpan<byte> message, bool exists)
    {
        Take();
        if (!exists)
        {
            writer.BeginNoProcess();
            return;
        }
        var name = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                name = fields.Bytes();
            }
            else
            {
                fields.Skip();
            }
        }
        writer.BeginProcess(name);
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadTag(fields.Bytes(), static (reader, key, kind, text, bits) => reader.AddProcessTag(key, kind, text, bits));
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadSpan(ReadOnlySpan<byte> message)
    {
        _span.Clear();
        _warnings.Clear();
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    _span.TraceId = ReadTraceId(fields.Bytes());
                    break;
                case 2:
                    _span.SpanId = ReadSpanId(fields.Bytes());
                    break;
                case 3:
                    _span.SetOperation(fields.Bytes());
                    break;
                case 4:
                    ReadReference(fields.Bytes());
                    break;
                case 5:
                    _span.Flags = (uint)fields.UInt64();
                    break;
                case 6:
                    _span.StartNs = ProtobufTime.ReadNs(fields.Bytes());
                    break;
                case 7:
                    _span.DurationNs = ProtobufTime.ReadNs(fields.Bytes());
                    break;
                case 8:
                    _span.BackToSpan();
                    ReadTag(fields.Bytes(), static (reader, key, kind, text, bits) => reader.AddTag(key, kind, text, bits));
                    break;
                case 9:
                    ReadLog(fields.Bytes());
                    break;
                case 12:
                    Take();
                    _warnings.Add(Encoding.UTF8.GetString(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        if (_warnings.Count > 0)
        {
            _span.BackToSpan();
            _span.AddTag(Encoding.UTF8.GetBytes(JaegerSpanWriter.Warnings), AttributeKind.Array, JsonSerializer.SerializeToUtf8Bytes(_warnings));
        }
    }

    private void ReadLog(ReadOnlySpan<byte> message)
    {
        Take();
        var timeNs = 0L;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                timeNs = ProtobufTime.ReadNs(fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
        _span.BeginLog(timeNs);
        fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            if (field == 2)
            {
                ReadTag(fields.Bytes(), static (reader, key, kind, text, bits) => reader.AddTag(key, kind, text, bits));
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private void ReadReference(ReadOnlySpan<byte> message)
    {
        Take();
        var traceId = default(TraceId);
        var spanId = 0UL;
        var followsFrom = false;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    traceId = ReadTraceId(fields.Bytes());
                    break;
                case 2:
                    spanId = ReadSpanId(fields.Bytes());
                    break;
                case 3:
                    followsFrom = fields.Int64() == 1;
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        _span.AddReference(traceId, spanId, followsFrom);
    }

    /// <summary><c>KeyValue</c>: STRING 0, BOOL 1, INT64 2, FLOAT64 3, BINARY 4.</summary>
    private void ReadTag(ReadOnlySpan<byte> message, TagSink add)
    {
        Take();
        var kind = 0L;
        var (flag, number, real) = (false, 0L, 0.0);
        var key = ReadOnlySpan<byte>.Empty;
        var text = ReadOnlySpan<byte>.Empty;
        var binary = ReadOnlySpan<byte>.Empty;
        var fields = new ProtobufReader(message);
        while (fields.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    key = fields.Bytes();
                    break;
                case 2:
                    kind = fields.Int64();
                    break;
                case 3:
                    text = fields.Bytes();
                    break;
                case 4:
                    flag = fields.UInt64() != 0;
                    break;
                case 5:
                    number = fields.Int64();
                    break;
                case 6:
                    real = fields.Double();
                    break;
                case 7:
                    binary = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        switch (kind)
        {
            case 1:
                add(this, key, AttributeKind.Bool, default, flag ? 1 : 0);
                break;
            case 2:
                add(this, key, AttributeKind.Int, default, number);
                break;
            case 3:
                add(this, key, AttributeKind.Double, default, BitConverter.DoubleToInt64Bits(real));
                break;
            case 4:
                add(this, key, AttributeKind.Bytes, binary, 0);
                break;
            default:
                add(this, key, AttributeKind.Text, text, 0);
                break;
        }
    }

    private void AddTag(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> text, long bits)
    {
        switch (kind)
        {
            case AttributeKind.Bool:
                _span.AddTag(key, bits != 0);
                break;
            case AttributeKind.Int:
                _span.AddTag(key, bits);
                break;
            case AttributeKind.Double:
                _span.AddTag(key, BitConverter.Int64BitsToDouble(bits));
                break;
            default:
                _span.AddTag(key, kind, text);
                break;
        }
    }

    private void AddProcessTag(ReadOnlySpan<byte> key, AttributeKind kind, ReadOnlySpan<byte> text, long bits)
    {
        switch (kind)
        {
            case AttributeKind.Bool:
                writer.AddProcessTag(key, bits != 0);
                break;
            case AttributeKind.Int:
                writer.AddProcessTag(key, bits);
                break;
            case AttributeKind.Double:
                writer.AddProcessTag(key, BitConverter.Int64BitsToDouble(bits));
                break;
            default:
                writer.AddProcessTag(key, kind, text);
                break;
        }
    }

    private static TraceId ReadTraceId(ReadOnlySpan<byte> bytes) => bytes.Length == TraceId.Size ? TraceId.FromBytes(bytes)
        : throw new InvalidDataException($"invalid length for TraceID: {bytes.Length}");

    private static ulong ReadSpanId(ReadOnlySpan<byte> bytes) => bytes.Length == SpanIdSize ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
        : throw new InvalidDataException($"invalid length for SpanID: {bytes.Length}");

    private void Take()
    {
        if (++_parts > MaxParts)
        {
            throw new InvalidDataException($"the request has more than {MaxParts} processes, tags, references and logs");
        }
    }
}
