using System.Buffers.Binary;
using System.Globalization;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;
using Snappier;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>Asks one <c>remote_read</c> endpoint.</summary>
/// <remarks>Thread-safe. Owns its HTTP client.</remarks>
internal sealed class RemoteReadClient(RemoteReadOptions options, string userAgent, TimeProvider time, RemoteReadMetrics metrics) : IDisposable
{
    /// <summary>Bounds an answer that is not streamed.</summary>
    private const int MaxUnpackedBytes = 1024 * 1024 * 1024;

    /// <summary>How much of an answer is read to say why it refused.</summary>
    private const int MaxReasonChars = 512;

    private readonly HttpClient _http = options.CreateHttpClient();

    /// <summary>Without the user and the password that it may hold.</summary>
    private readonly string _address = options.Url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    private int _underWay;

    public RemoteReadOptions Options => options;

    public KeyValuePair<string, object?>[] Tags { get; } = [new("remote_name", options.Name),
        new("url", options.Url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped))];

    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>The series that match, without the external labels that were only asked for because they are ours.</summary>
    /// <exception cref="RemoteReadException">The other server cannot be reached, refuses, or answers with nonsense.</exception>
    public async Task<IReadOnlyList<ReadSeries>> ReadAsync(ReadQuery query, CancellationToken cancellation)
    {
        var (matchers, added) = WithExternalLabels(query.Matchers);
        using var limit = new CancellationTokenSource(options.RemoteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        Interlocked.Increment(ref _underWay);
        try
        {
            var series = await AskAsync(query with { Matchers = matchers }, either.Token).ConfigureAwait(false);
            return added.Count == 0 ? series : [.. series.Select(one => Without(one, added))];
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RemoteReadException(
                503, $"remote_read: error sending request: Post \"{_address}\": request timed out after {options.RemoteTimeout}", e);
        }
        catch (Exception e) when (e is HttpRequestException or NotSupportedException)
        {
            throw new RemoteReadException(500, $"remote_read: error sending request: Post \"{_address}\": {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or CorruptFileException)
        {
            throw new RemoteReadException(500, $"remote_read: {e.Message}", e);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<List<ReadSeries>> AskAsync(ReadQuery query, CancellationToken cancellation)
    {
        using var request = Request(query);
        var start = time.GetTimestamp();
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
            .ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = body.ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            using var reader = new StreamReader(body);
            var buffer = new char[MaxReasonChars];
            var length = await reader.ReadBlockAsync(buffer, cancellation).ConfigureAwait(false);
            throw new InvalidDataException($"remote server {_address} returned http status {(int)response.StatusCode} "
                + $"{response.ReasonPhrase}: {new string(buffer, 0, length).Trim('\n')}");
        }
        var series = new List<ReadSeries>();
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        Count(type, response.StatusCode, time.GetElapsedTime(start));
        if (type is "application/x-streamed-protobuf")
        {
            await ReadFramesAsync(body, query, series, cancellation).ConfigureAwait(false);
        }
        else if (type is "application/x-protobuf")
        {
            using var compressed = new MemoryStream();
            await body.CopyToAsync(compressed, cancellation).ConfigureAwait(false);
            ReadSamples(compressed.GetBuffer().AsSpan(0, (int)compressed.Length), series);
        }
        else
        {
            throw new InvalidDataException($"unsupported content type: {type}");
        }
        return series;
    }

    private void Count(string mediaType, System.Net.HttpStatusCode status, TimeSpan elapsed)
    {
        var type = mediaType switch
        {
            "application/x-streamed-protobuf" => "chunked",
            "application/x-protobuf" => "sampled",
            _ => "unsupported",
        };
        metrics.Duration.Record(elapsed.TotalSeconds, [.. Tags, new("response_type", type)]);
        metrics.Queries.Add(
            1, [.. Tags, new("response_type", type), new("code", ((int)status).ToString(CultureInfo.InvariantCulture))]);
    }

    private HttpRequestMessage Request(ReadQuery query)
    {
        var writer = new ProtobufWriter();
        ReadRequestMessage.Write(writer, query);
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url)
        {
            Content = new ByteArrayContent(Snappy.CompressToArray(writer.Written)),
        };
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-protobuf");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "snappy");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Remote-Read-Version", "0.1.0");
        foreach (var (name, value) in options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.Reveal());
        }
        return request;
    }

    private static void ReadSamples(ReadOnlySpan<byte> compressed, List<ReadSeries> into) =>
        ReadResponseMessage.ReadSamples(SnappyBlock.Unpack(compressed, MaxUnpackedBytes), into);

    /// <summary>Each frame: its length as a varint, the CRC-32C of its message (big-endian), the message.</summary>
    private async Task ReadFramesAsync(Stream body, ReadQuery query, List<ReadSeries> into, CancellationToken cancellation)
    {
        var checksum = new byte[sizeof(uint)];
        while (await ReadLengthAsync(body, cancellation).ConfigureAwait(false) is { } length)
        {
            if (length > (ulong)options.ChunkedReadLimitBytes)
            {
                throw new InvalidDataException($"chunkedReader: message size exceeded the limit {options.ChunkedReadLimitBytes} bytes; got: {length} bytes");
            }
            await body.ReadExactlyAsync(checksum, cancellation).ConfigureAwait(false);
            var message = new byte[length];
            await body.ReadExactlyAsync(message, cancellation).ConfigureAwait(false);
            if (Crc32C.Of(message) != BinaryPrimitives.ReadUInt32BigEndian(checksum))
            {
                throw new InvalidDataException("chunkedReader: corrupted frame; checksum mismatch");
            }
            ReadResponseMessage.ReadChunks(message, query, options.Name, into);
        }
    }

    private static async Task<ulong?> ReadLengthAsync(Stream body, CancellationToken cancellation)
    {
        var next = new byte[1];
        var length = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (await body.ReadAsync(next, cancellation).ConfigureAwait(false) == 0)
            {
                return shift == 0 ? null : throw new InvalidDataException("chunkedReader: unexpected end of the stream");
            }
            length |= (ulong)(next[0] & 0x7f) << shift;
            if (next[0] < 0x80)
            {
                return length;
            }
        }
        throw new InvalidDataException("chunkedReader: the length of a frame is no number");
    }

    private (IReadOnlyList<LabelMatcher> Matchers, List<string> Added) WithExternalLabels(IReadOnlyList<LabelMatcher> matchers)
    {
        var added = new List<string>();
        if (!options.FilterExternalLabels)
        {
            return (matchers, added);
        }
        var all = matchers.ToList();
        foreach (var label in options.ExternalLabels.Span)
        {
            if (!all.Exists(matcher => matcher.Name == label.Name))
            {
                all.Add(new LabelMatcher(MatchType.Equal, label.Name, label.Value));
                added.Add(label.Name);
            }
        }
        return (all, added);
    }

    private static ReadSeries Without(ReadSeries series, List<string> names)
    {
        var labels = new LabelSetBuilder(series.Labels);
        foreach (var name in names)
        {
            labels.Remove(name);
        }
        return new ReadSeries(labels.Build(), series.Samples);
    }
}
