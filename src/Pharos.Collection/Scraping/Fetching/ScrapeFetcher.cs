using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using Pharos.Collection.Exposition;
using Pharos.Storage.Encoding;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping.Fetching;

/// <summary>Gets one target's exposition over HTTP. One fetch at a time. Bodies are read into buffers of the pool:
/// targets are many, and few of them are read at the same time.</summary>
internal sealed class ScrapeFetcher(
    HttpClient client, ScrapeJobOptions job, ScrapeTarget target, CollectorContext context)
{
    /// <summary>The most that a target may send, unpacked, where the job sets no limit.</summary>
    public const long MaxBodyBytes = 512L << 20;

    private const int FirstBytes = 8 << 10;
    private const int MaxClaimedBytes = 4 << 20;

    /// <summary>More than a packed body can be longer than it is unpacked.</summary>
    private const int PackingOverheadBytes = 1 << 20;

    private readonly string _accept = ContentNegotiation.AcceptHeader(Protocols(job, context.Options), job.NameEscaping);
    private readonly string _timeoutSeconds = GoFloat.FormatF(target.Timeout.TotalSeconds);
    private int _lastBytes;

    /// <summary>Where zeros at the start are wanted and the file names no formats, the one that always tells the start comes first.</summary>
    private static IReadOnlyList<ScrapeProtocol> Protocols(ScrapeJobOptions job, CollectorOptions options) =>
        options.IngestZeroAtStart && ReferenceEquals(job.ScrapeProtocols, ScrapeJobOptions.DefaultProtocols)
            ? ScrapeJobOptions.ProtoFirstProtocols : job.ScrapeProtocols;

    public async Task<ScrapeFetch> FetchAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(target.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        var inBody = false;
        try
        {
            using var request = Request();
            using var response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            inBody = true;
            return response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response.Content, either.Token).ConfigureAwait(false)
                : ScrapeFetch.Failed($"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed(FetchFault.DeadlineExceeded, inBody);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException
            or InvalidOperationException or NotSupportedException or UnauthorizedAccessException or ArgumentException)
        {
            return Failed(FetchFault.Reason(target, fault, inBody), inBody);
        }
    }

    private ScrapeFetch Failed(string reason, bool inBody) =>
        ScrapeFetch.Failed(inBody ? reason : FetchFault.BeforeHeaders(target, reason));

    private HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target.Url);
        request.Headers.TryAddWithoutValidation("Accept", _accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", job.EnableCompression ? "gzip" : "identity");
        request.Headers.TryAddWithoutValidation("User-Agent", context.Options.UserAgent);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", _timeoutSeconds);
        return request;
    }

    private async Task<ScrapeFetch> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var raw = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var _ = raw.ConfigureAwait(false);
        // Only this very word, as in Prometheus: a body packed otherwise is read as it comes, and refused.
        if (content.Headers.ContentEncoding.FirstOrDefault() != "gzip")
        {
            var expected = content.Headers.ContentLength ?? _lastBytes;
            var body = await FillAsync(raw, expected, Limit, cancellation).ConfigureAwait(false);
            return body is null ? TooLarge() : Body(body, content);
        }
        using var packed = await FillAsync(raw, content.Headers.ContentLength ?? 0, Limit + PackingOverheadBytes, cancellation)
            .ConfigureAwait(false);
        return packed is null ? TooLarge() : await UnpackAsync(packed.Written, content, cancellation).ConfigureAwait(false);
    }

    private async Task<ScrapeFetch> UnpackAsync(ReadOnlyMemory<byte> packed, HttpContent content, CancellationToken cancellation)
    {
        if (PackedBody.FaultAtStart(packed.Span) is { } badStart)
        {
            return ScrapeFetch.Failed(badStart);
        }
        _ = MemoryMarshal.TryGetArray(packed, out var bytes);
        var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var unpacking = new GZipStream(source, CompressionMode.Decompress);
        var body = await FillAsync(unpacking, _lastBytes, Limit, cancellation).ConfigureAwait(false);
        if (body is null)
        {
            return TooLarge();
        }
        if (PackedBody.Fault(packed, body.Written.Span) is { } fault)
        {
            body.Dispose();
            return ScrapeFetch.Failed(fault);
        }
        return Body(body, content);
    }

    private long Limit => job.BodySizeLimitBytes > 0 ? Math.Min(job.BodySizeLimitBytes, MaxBodyBytes) : MaxBodyBytes;

    private ScrapeFetch Body(PooledBuffer body, HttpContent content)
    {
        _lastBytes = body.Length;
        return new ScrapeFetch(body, ContentType(content.Headers), null);
    }

    private ScrapeFetch TooLarge()
    {
        context.Metrics.ExceededBodySizeLimit.Add(1);
        return ScrapeFetch.Failed(ScrapeFetch.BodyTooLarge);
    }

    /// <param name="expectedBytes">What is claimed, or what came last time; believed only as far as is cheap.</param>
    /// <returns>Null where the stream's length reaches the limit.</returns>
    private static async ValueTask<PooledBuffer?> FillAsync(
        Stream stream, long expectedBytes, long limit, CancellationToken cancellation)
    {
        // One byte more, so that the end shows without a wider buffer.
        var buffer = new PooledBuffer((int)Math.Clamp(expectedBytes, FirstBytes, MaxClaimedBytes) + 1);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer.Space(), cancellation).ConfigureAwait(false)) > 0)
            {
                buffer.Advance(read);
                if (buffer.Length >= limit)
                {
                    buffer.Dispose();
                    return null;
                }
            }
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>The header as sent: one that is not well-formed must reach the fallback rule, not vanish.</summary>
    private static string? ContentType(HttpContentHeaders headers) =>
        headers.TryGetValues("Content-Type", out var values) ? string.Join(',', values) : null;
}
