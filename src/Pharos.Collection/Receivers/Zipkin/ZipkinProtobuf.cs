using System.Net;
using Pharos.Collection.Protobuf;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Reads spans of Zipkin's second format in protobuf: a <c>zipkin.proto3.ListOfSpans</c>, one span after another.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class ZipkinProtobuf
{
    private const int SpanIdBytes = 8;

    private readonly ZipkinSpan _span = new();

    /// <param name="take">Called for each span, which is good until it returns.</param>
    /// <exception cref="InvalidDataException">The bytes are no such list; what was found before was taken.</exception>
    public void Read(ReadOnlySpan<byte> message, Action<ZipkinSpan> take)
    {
        var list = new ProtobufReader(message);
        while (list.Next(out var field))
        {
            if (field != 1)
            {
                list.Skip();
                continue;
            }
            ReadSpan(list.Bytes());
            _span.Check();
            take(_span);
        }
    }

    private void ReadSpan(ReadOnlySpan<byte> message)
    {
        _span.Clear();
        var span = new ProtobufReader(message);
        while (span.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    _span.TraceId = Trace(span.Bytes());
                    break;
                case 2:
                    _span.ParentId = Span(span.Bytes(), "parent_id");
                    break;
                case 3:
                    _span.Id = Span(span.Bytes(), "id");
                    break;
                case 4:
                    _span.Kind = Kind(span.UInt64());
                    break;
                case 5:
                    _span.Name = span.Text();
                    break;
                case 6:
                    _span.TimestampUs = Micros(span.Fixed64());
                    break;
                case 7:
                    _span.DurationUs = Micros(span.UInt64());
                    break;
                case 8:
                    _span.Local = Endpoint(span.Bytes());
                    break;
                case 9:
                    _span.Remote = Endpoint(span.Bytes());
                    break;
                case 10:
                    _span.Annotations.Add(Annotation(span.Bytes()));
                    break;
                case 11:
                    ReadTag(span.Bytes());
                    break;
                case 12:
                    _span.Debug = span.UInt64() != 0;
                    break;
                case 13:
                    _span.Shared = span.UInt64() != 0;
                    break;
                default:
                    span.Skip();
                    break;
            }
        }
    }

    private void ReadTag(ReadOnlySpan<byte> message)
    {
        var (key, value) = ("", "");
        var entry = new ProtobufReader(message);
        while (entry.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    key = entry.Text();
                    break;
                case 2:
                    value = entry.Text();
                    break;
                default:
                    entry.Skip();
                    break;
            }
        }
        _span.Tags.Set(key, value);
    }

    private static (long, string) Annotation(ReadOnlySpan<byte> message)
    {
        var (timestamp, value) = (0L, "");
        var annotation = new ProtobufReader(message);
        while (annotation.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    timestamp = Micros(annotation.Fixed64());
                    break;
                case 2:
                    value = annotation.Text();
                    break;
                default:
                    annotation.Skip();
                    break;
            }
        }
        return (timestamp, value);
    }

    private static ZipkinEndpoint Endpoint(ReadOnlySpan<byte> message)
    {
        var found = ZipkinEndpoint.None;
        var endpoint = new ProtobufReader(message);
        while (endpoint.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    found = found with { ServiceName = endpoint.Text() };
                    break;
                case 2:
                    found = found with { Ipv4 = Address(endpoint.Bytes(), 4, "ipv4") };
                    break;
                case 3:
                    found = found with { Ipv6 = Address(endpoint.Bytes(), 16, "ipv6") };
                    break;
                case 4:
                    found = found with { Port = (ushort)endpoint.UInt64() };
                    break;
                default:
                    endpoint.Skip();
                    break;
            }
        }
        return found;
    }

    private static IPAddress? Address(ReadOnlySpan<byte> bytes, int length, string name) => bytes.IsEmpty ? null
        : bytes.Length == length ? new IPAddress(bytes)
        : throw new InvalidDataException($"wrong {name}: {bytes.Length} bytes where {length} belong");

    private static TraceId Trace(ReadOnlySpan<byte> bytes)
    {
        var id = bytes.Length switch
        {
            SpanIdBytes => new TraceId(0, Number(bytes)),
            TraceId.Size => TraceId.FromBytes(bytes),
            _ => throw new InvalidDataException($"invalid traceID: has length {bytes.Length} yet wanted length 8 or 16"),
        };
        return id.IsZero ? throw new InvalidDataException("invalid traceID: it is zero") : id;
    }

    private static ulong Span(ReadOnlySpan<byte> bytes, string name) => bytes.Length switch
    {
        0 => 0,
        SpanIdBytes => Number(bytes),
        _ => throw new InvalidDataException($"invalid {name}: has length {bytes.Length} yet wanted length {SpanIdBytes}"),
    };

    private static ulong Number(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private static long Micros(ulong value) => (long)Math.Min(value, long.MaxValue);

    /// <summary>Numbers that nobody knows yet are as good as none.</summary>
    private static SpanKind Kind(ulong number) => number switch
    {
        1 => SpanKind.Client,
        2 => SpanKind.Server,
        3 => SpanKind.Producer,
        4 => SpanKind.Consumer,
        _ => SpanKind.Unspecified,
    };
}
