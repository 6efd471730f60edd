using Pharos.Collection.Protobuf;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger.Grpc;

/// <summary>Reads the requests of both query services, which number their fields alike.</summary>
internal static class QueryMessages
{
    private const int RawTraces = 4;

    /// <summary><c>GetTraceRequest</c> and <c>ArchiveTraceRequest</c>.</summary>
    /// <param name="isText">Whether the id comes as hexadecimal digits, and not as bytes.</param>
    public static (TraceId Id, bool IsRaw) TraceOf(ReadOnlySpan<byte> message, bool isText)
    {
        var reader = new ProtobufReader(message);
        var (id, isRaw) = (default(TraceId), false);
        while (reader.Next(out var field))
        {
            if (field == 1)
            {
                id = isText ? IdIn(reader.Text()) : IdIn(reader.Bytes());
            }
            else if (field == RawTraces)
            {
                isRaw = reader.UInt64() != 0;
            }
            else
            {
                reader.Skip();
            }
        }
        return (id, isRaw);
    }

    /// <summary><c>FindTracesRequest</c>: its query, or null where it has none.</summary>
    public static TraceSearch? SearchOf(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        TraceSearch? search = null;
        while (reader.Next(out var field))
        {
            if (field == 1)
            {
                search = ParametersOf(reader.Bytes());
            }
            else
            {
                reader.Skip();
            }
        }
        return search;
    }

    /// <summary><c>GetOperationsRequest</c>.</summary>
    public static (string Service, string Kind) OperationsOf(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        var (service, kind) = ("", "");
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    service = reader.Text();
                    break;
                case 2:
                    kind = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return (service, kind);
    }

    /// <summary><c>GetDependenciesRequest</c>; null for a time that is not given.</summary>
    public static (long? StartNs, long? EndNs) RangeOf(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        (long? start, long? end) = (null, null);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    start = ProtobufTime.ReadNs(reader.Bytes());
                    break;
                case 2:
                    end = ProtobufTime.ReadNs(reader.Bytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return (start, end);
    }

    private static TraceSearch ParametersOf(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        var search = new TraceSearch { Limit = 0 };
        var tags = new List<SearchTag>();
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    search = search with { Service = reader.Text() };
                    break;
                case 2:
                    search = search with { Operation = reader.Text() };
                    break;
                case 3:
                    tags.Add(TagOf(reader.Bytes()));
                    break;
                case 4:
                    search = search with { StartNs = ProtobufTime.ReadNs(reader.Bytes()) };
                    break;
                case 5:
                    search = search with { EndNs = ProtobufTime.ReadNs(reader.Bytes()) };
                    break;
                case 6:
                    search = search with { MinDurationNs = ProtobufTime.ReadNs(reader.Bytes()) };
                    break;
                case 7:
                    search = search with { MaxDurationNs = ProtobufTime.ReadNs(reader.Bytes()) };
                    break;
                case 8:
                    search = search with { Limit = unchecked((int)reader.Int64()) };
                    break;
                case 9:
                    search = search with { IsRaw = reader.UInt64() != 0 };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return search with { Tags = tags };
    }

    /// <summary>An entry of a map of texts.</summary>
    private static SearchTag TagOf(ReadOnlySpan<byte> message)
    {
        var (key, value) = OperationsOf(message);
        return new SearchTag(key, value);
    }

    private static TraceId IdIn(ReadOnlySpan<byte> bytes) => bytes.Length == TraceId.Size ? TraceId.FromBytes(bytes)
        : throw new GrpcRefusal(GrpcCode.InvalidArgument, "invalid length for TraceID");

    private static TraceId IdIn(string hex) => JaegerIds.TryParse(hex, out var id, out var error) ? id
        : throw new GrpcRefusal(GrpcCode.InvalidArgument, $"malform trace ID: {error}");
}
