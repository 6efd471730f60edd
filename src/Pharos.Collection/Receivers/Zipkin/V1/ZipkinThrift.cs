using System.Buffers.Binary;
using System.Net;
using System.Text;
using Pharos.Collection.Receivers.Thrift;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin.V1;

/// <summary>Reads spans of zipkinCore.thrift, one after another.</summary>
/// <remarks>Fields of another type than the schema's are stepped over, as generated code does. Not thread-safe.</remarks>
internal sealed class ZipkinThrift
{
    private const int Ipv6Bytes = 16;

    private readonly ZipkinV1Span _span = new();

    /// <summary>What stands for the bytes of a binary annotation.</summary>
    private enum BinaryType
    {
        Bool,
        Bytes,
        I16,
        I32,
        I64,
        Double,
        Text,
    }

    /// <summary>Reads a list of spans, which is all that an HTTP body has.</summary>
    /// <param name="take">Called for each span, which is good until it returns.</param>
    /// <exception cref="InvalidDataException">The bytes are no such list; what was found before was taken.</exception>
    public void Read<TReader>(ref TReader reader, Action<ZipkinV1Span> take)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var left = reader.BeginList(out var element);
        if (element != ThriftType.Struct && left > 0)
        {
            throw new InvalidDataException("the list is none of spans");
        }
        for (; left > 0; left--)
        {
            ReadSpan(ref reader);
            _span.Check();
            take(_span);
        }
    }

    private void ReadSpan<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.Clear();
        var (low, high) = (0UL, 0UL);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.I64):
                    low = (ulong)reader.I64();
                    break;
                case (3, ThriftType.Binary):
                    _span.Name = Text(reader.Binary());
                    break;
                case (4, ThriftType.I64):
                    _span.Id = (ulong)reader.I64();
                    break;
                case (5, ThriftType.I64):
                    _span.ParentId = (ulong)reader.I64();
                    break;
                case (6, ThriftType.List):
                    ReadAnnotations(ref reader);
                    break;
                case (8, ThriftType.List):
                    ReadTags(ref reader);
                    break;
                case (9, ThriftType.Bool):
                    _span.Debug = reader.Bool();
                    break;
                case (10, ThriftType.I64):
                    _span.TimestampUs = reader.I64();
                    break;
                case (11, ThriftType.I64):
                    _span.DurationUs = reader.I64();
                    break;
                case (12, ThriftType.I64):
                    high = (ulong)reader.I64();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        _span.TraceId = new TraceId(high, low);
    }

    private void ReadAnnotations<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.Annotations.Clear();
        var left = reader.BeginList(out var element);
        for (; left > 0; left--)
        {
            if (element != ThriftType.Struct)
            {
                reader.Skip(element);
                continue;
            }
            var (timestamp, value, host) = (0L, "", (ZipkinEndpoint?)null);
            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                switch (id, type)
                {
                    case (1, ThriftType.I64):
                        timestamp = reader.I64();
                        break;
                    case (2, ThriftType.Binary):
                        value = Text(reader.Binary());
                        break;
                    case (3, ThriftType.Struct):
                        host = ReadEndpoint(ref reader, out _);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
            reader.EndStruct(outer);
            _span.Annotations.Add(new ZipkinV1Annotation(timestamp, value, host));
        }
    }

    private void ReadTags<TReader>(ref TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        _span.Tags.Clear();
        var left = reader.BeginList(out var element);
        for (; left > 0; left--)
        {
            if (element != ThriftType.Struct)
            {
                reader.Skip(element);
                continue;
            }
            var (key, kind, host) = ("", 0, (ZipkinEndpoint?)null);
            byte[]? ipv6 = null;
            ReadOnlySpan<byte> value = default;
            var outer = reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                switch (id, type)
                {
                    case (1, ThriftType.Binary):
                        key = Text(reader.Binary());
                        break;
                    case (2, ThriftType.Binary):
                        value = reader.Binary();
                        break;
                    case (3, ThriftType.I32):
                        kind = reader.I32();
                        break;
                    case (4, ThriftType.Struct):
                        host = ReadEndpoint(ref reader, out ipv6);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }
            reader.EndStruct(outer);
            _span.Tags.Add(new ZipkinV1Tag(key, key == CoreKeys.LocalComponent ? AttributeValue.OfText(Text(value)) : Value(value, kind), host, ipv6));
        }
    }

    private static ZipkinEndpoint ReadEndpoint<TReader>(ref TReader reader, out byte[]? ipv6)
        where TReader : struct, IThriftReader, allows ref struct
    {
        ipv6 = null;
        var (ipv4, port, name) = (0, (ushort)0, "");
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id, type)
            {
                case (1, ThriftType.I32):
                    ipv4 = reader.I32();
                    break;
                case (2, ThriftType.I16):
                    port = (ushort)reader.I16();
                    break;
                case (3, ThriftType.Binary):
                    name = Text(reader.Binary());
                    break;
                case (4, ThriftType.Binary):
                    ipv6 = reader.Binary().ToArray();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        reader.EndStruct(outer);
        return new ZipkinEndpoint(
            name, ipv4 == 0 ? null : new IPAddress((uint)IPAddress.HostToNetworkOrder(ipv4)), ipv6?.Length == Ipv6Bytes ? new IPAddress(ipv6) : null, port);
    }

    /// <summary>A value that does not fit its type becomes Jaeger's text about it.</summary>
    private static AttributeValue Value(ReadOnlySpan<byte> bytes, int kind) => (BinaryType)kind switch
    {
        BinaryType.Bool => AttributeValue.OfBool(bytes is [1]),
        BinaryType.Bytes => AttributeValue.OfBytes(bytes.ToArray()),
        BinaryType.Text => AttributeValue.OfText(Text(bytes)),
        BinaryType.I16 when bytes.Length >= sizeof(short) => AttributeValue.OfInt(BinaryPrimitives.ReadInt16BigEndian(bytes)),
        BinaryType.I32 when bytes.Length >= sizeof(int) => AttributeValue.OfInt(BinaryPrimitives.ReadInt32BigEndian(bytes)),
        BinaryType.I64 when bytes.Length >= sizeof(long) => AttributeValue.OfInt(BinaryPrimitives.ReadInt64BigEndian(bytes)),
        BinaryType.Double when bytes.Length >= sizeof(double) => AttributeValue.OfDouble(BinaryPrimitives.ReadDoubleBigEndian(bytes)),
        >= BinaryType.I16 and <= BinaryType.Double => Unreadable(bytes, bytes.IsEmpty ? "EOF" : ThriftEnd.CutShort),
        _ => Unreadable(bytes, $"unknown zipkin annotation type: {kind}"),
    };

    private static AttributeValue Unreadable(ReadOnlySpan<byte> bytes, string why) =>
        AttributeValue.OfText($"Cannot parse Zipkin value {Convert.ToBase64String(bytes)}: {why}");

    /// <summary>What is no UTF-8 is replaced by U+FFFD.</summary>
    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
