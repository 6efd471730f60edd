using Pharos.Collection.Receivers.Thrift;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Reads a <c>Batch</c> of jaeger.thrift and hands its spans to a writer.</summary>
/// <remarks>Fields of another type than the schema's are stepped over and fields that the schema requires must be there, as in generated
/// code. The process may stand behind the spans. Not thread-safe.</remarks>
internal sealed class JaegerThrift(JaegerSpanWriter writer)
{
    private readonly JaegerSpan _span = new();

    /// <summary>The types of a tag's value, which are others than in Jaeger's protobuf.</summary>
    private enum TagType
    {
        Text,
        Double,
        Bool,
        Long,
        Binary,
    }

    /// <exception cref="InvalidDataException">The bytes are no batch; spans that were found before are written.</exception>
    public void ReadBatch<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var (hasProcess, hasSpans, spansWait) = (false, false, false);
        var spans = reader;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Struct):
                    hasProcess = true;
                    ReadProcess(ref reader);
                    break;
                case (2, ThriftType.List):
                    hasSpans = true;
                    spansWait = !hasProcess;
                    if (spansWait)
                    {
                        spans = reader;
                        reader.Skip(type);
                    }
                    else
                    {
                        ReadSpans(ref reader);
                    }
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        Require(hasProcess, "Process");
        Require(hasSpans, "Spans");
        if (spansWait)
        {
            ReadSpans(ref spans);
        }
    }

    private void ReadProcess<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        ReadOnlySpan<byte> name = default;
        var (hasName, hasTags) = (false, false);
        var tags = reader;
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Binary):
                    name = reader.Binary();
                    hasName = true;
                    break;
                case (2, ThriftType.List):
                    tags = reader;
                    hasTags = true;
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        Require(hasName, "ServiceName");
        writer.BeginProcess(name);
        if (!hasTags)
        {
            return;
        }
        _span.Clear();
        ReadTags(ref tags);
        foreach (ref readonly var tag in _span.Tags)
        {
            AddProcessTag(tag);
        }
    }

    private void AddProcessTag(in JaegerTag tag)
    {
        var key = _span.Text(tag.Key);
        switch (tag.Kind)
        {
            case AttributeKind.Bool:
                writer.AddProcessTag(key, tag.Bits != 0);
                break;
            case AttributeKind.Int:
                writer.AddProcessTag(key, tag.Bits);
                break;
            case AttributeKind.Double:
                writer.AddProcessTag(key, BitConverter.Int64BitsToDouble(tag.Bits));
                break;
            default:
                writer.AddProcessTag(key, tag.Kind, _span.Text(tag.Text));
                break;
        }
    }

    private void ReadSpans<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var left = Structs(ref reader);
        for (; left > 0; left--)
        {
            ReadSpan(ref reader);
            writer.Write(_span);
        }
    }

    private void ReadSpan<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.Clear();
        var (low, high, seen) = (0UL, 0UL, 0);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            seen |= id is > 0 and < 10 ? 1 << id : 0;
            switch (id, type)
            {
                case (1, ThriftType.I64):
                    low = (ulong)reader.I64();
                    break;
                case (2, ThriftType.I64):
                    high = (ulong)reader.I64();
                    break;
                case (3, ThriftType.I64):
                    _span.SpanId = (ulong)reader.I64();
                    break;
                case (4, ThriftType.I64):
                    _span.ParentSpanId = (ulong)reader.I64();
                    break;
                case (5, ThriftType.Binary):
                    _span.SetOperation(reader.Binary());
                    break;
                case (6, ThriftType.List):
                    ReadReferences(ref reader);
                    break;
                case (7, ThriftType.I32):
                    _span.Flags = (uint)reader.I32();
                    break;
                case (8, ThriftType.I64):
                    _span.StartNs = JaegerTimes.Nanos(reader.I64());
                    break;
                case (9, ThriftType.I64):
                    _span.DurationNs = JaegerTimes.Nanos(reader.I64());
                    break;
                case (10, ThriftType.List):
                    _span.BackToSpan();
                    _span.ClearTags();
                    ReadTags(ref reader);
                    break;
                case (11, ThriftType.List):
                    ReadLogs(ref reader);
                    break;
                default:
                    seen &= id is > 0 and < 10 ? ~(1 << id) : -1;
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        _span.TraceId = new TraceId(high, low);
        RequireAll(seen);
    }

    private static void RequireAll(int seen)
    {
        ReadOnlySpan<string> names = ["", "TraceIdLow", "TraceIdHigh", "SpanId", "ParentSpanId", "OperationName", "", "Flags", "StartTime", "Duration"];
        for (var i = 0; i < names.Length; i++)
        {
            Require(names[i].Length == 0 || (seen & 1 << i) != 0, names[i]);
        }
    }

    private void ReadReferences<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.ClearReferences();
        var left = Structs(ref reader);
        for (; left > 0; left--)
        {
            var (kind, low, high, spanId) = (0, 0UL, 0UL, 0UL);
            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                switch (id, type)
                {
                    case (1, ThriftType.I32):
                        kind = reader.I32();
                        break;
                    case (2, ThriftType.I64):
                        low = (ulong)reader.I64();
                        break;
                    case (3, ThriftType.I64):
                        high = (ulong)reader.I64();
                        break;
                    case (4, ThriftType.I64):
                        spanId = (ulong)reader.I64();
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
            reader.EndStruct(outer);
            _span.AddReference(new TraceId(high, low), spanId, kind == 1);
        }
    }

    private void ReadLogs<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.ClearLogs();
        var left = Structs(ref reader);
        for (; left > 0; left--)
        {
            var (timestamp, hasTime, hasFields) = (0L, false, false);
            var fields = reader;
            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                switch (id, type)
                {
                    case (1, ThriftType.I64):
                        timestamp = reader.I64();
                        hasTime = true;
                        break;
                    case (2, ThriftType.List):
                        fields = reader;
                        hasFields = true;
                        reader.Skip(type);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
            reader.EndStruct(outer);
            Require(hasTime, "Timestamp");
            Require(hasFields, "Fields");
            _span.BeginLog(JaegerTimes.Nanos(timestamp));
            ReadTags(ref fields);
        }
        _span.BackToSpan();
    }

    private void ReadTags<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var left = Structs(ref reader);
        for (; left > 0; left--)
        {
            ReadTag(ref reader);
        }
    }

    /// <summary>Fields of other types than the tag's own are allowed, and mean nothing.</summary>
    private void ReadTag<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        ReadOnlySpan<byte> key = default, text = default, binary = default;
        var (kind, number, truth, whole, hasKey) = (-1, 0.0, false, 0L, false);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.Binary):
                    key = reader.Binary();
                    hasKey = true;
                    break;
                case (2, ThriftType.I32):
                    kind = reader.I32();
                    break;
                case (3, ThriftType.Binary):
                    text = reader.Binary();
                    break;
                case (4, ThriftType.Double):
                    number = reader.Double();
                    break;
                case (5, ThriftType.Bool):
                    truth = reader.Bool();
                    break;
                case (6, ThriftType.I64):
                    whole = reader.I64();
                    break;
                case (7, ThriftType.Binary):
                    binary = reader.Binary();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        Require(hasKey, "Key");
        Require(kind >= 0, "VType");
        switch ((TagType)kind)
        {
            case TagType.Text:
                _span.AddTag(key, AttributeKind.Text, text);
                break;
            case TagType.Double:
                _span.AddTag(key, number);
                break;
            case TagType.Bool:
                _span.AddTag(key, truth);
                break;
            case TagType.Long:
                _span.AddTag(key, whole);
                break;
            case TagType.Binary:
                _span.AddTag(key, AttributeKind.Bytes, binary);
                break;
            default:
                // As Jaeger has it: what nobody knows is told in words.
                _span.AddTag(key, AttributeKind.Text, System.Text.Encoding.UTF8.GetBytes($"Unknown VType: {kind}"));
                break;
        }
    }

    /// <summary>Begins a list of structs.</summary>
    private static int Structs<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var count = reader.BeginList(out var element);
        return element == ThriftType.Struct || count == 0 ? count : throw new InvalidDataException("a list of structs has elements of another type");
    }

    private static void Require(bool isThere, string name)
    {
        if (!isThere)
        {
            throw new InvalidDataException($"Required field {name} is not set");
        }
    }
}
