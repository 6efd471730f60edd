using Pharos.Collection.Protobuf;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>Reads and writes <c>prometheus.ReadRequest</c>.</summary>
/// <remarks>prompb/remote.proto and prompb/types.proto of Prometheus. Hints are not used.</remarks>
internal static class ReadRequestMessage
{
    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    /// <exception cref="RemoteReadException">A matcher is of no known type.</exception>
    /// <exception cref="Pharos.Storage.Text.GoRegexException">A matcher's expression is not valid.</exception>
    public static (IReadOnlyList<ReadQuery> Queries, IReadOnlyList<ulong> Accepted) Read(ReadOnlySpan<byte> message)
    {
        var queries = new List<ReadQuery>();
        var accepted = new List<ulong>();
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    queries.Add(ReadQuery(request.Bytes()));
                    break;
                case 2:
                    request.UInt64s(accepted);
                    break;
                default:
                    request.Skip();
                    break;
            }
        }
        return (queries, accepted);
    }

    public static void Write(ProtobufWriter writer, ReadQuery query)
    {
        var message = writer.Begin(1);
        writer.Int64(1, query.StartMs);
        writer.Int64(2, query.EndMs);
        foreach (var matcher in query.Matchers)
        {
            var inner = writer.Begin(3);
            writer.Int64(1, (long)matcher.Type);
            writer.Text(2, matcher.Name);
            writer.Text(3, matcher.Value);
            writer.End(inner);
        }
        writer.End(message);
        var accepted = writer.Begin(2);
        writer.Varint((ulong)ReadResponseType.StreamedXorChunks);
        writer.Varint((ulong)ReadResponseType.Samples);
        writer.End(accepted);
    }

    private static ReadQuery ReadQuery(ReadOnlySpan<byte> message)
    {
        var (start, end) = (0L, 0L);
        var matchers = new List<LabelMatcher>();
        var query = new ProtobufReader(message);
        while (query.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    start = query.Int64();
                    break;
                case 2:
                    end = query.Int64();
                    break;
                case 3:
                    matchers.Add(ReadMatcher(query.Bytes()));
                    break;
                default:
                    query.Skip();
                    break;
            }
        }
        return new ReadQuery(start, end, matchers);
    }

    private static LabelMatcher ReadMatcher(ReadOnlySpan<byte> message)
    {
        var (type, name, value) = (0L, "", "");
        var matcher = new ProtobufReader(message);
        while (matcher.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    type = matcher.Int64();
                    break;
                case 2:
                    name = matcher.Text();
                    break;
                case 3:
                    value = matcher.Text();
                    break;
                default:
                    matcher.Skip();
                    break;
            }
        }
        return type is >= (long)MatchType.Equal and <= (long)MatchType.NotRegex
            ? new LabelMatcher((MatchType)type, name, value) : throw new RemoteReadException(500, "invalid matcher type");
    }
}
