using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Pharos.Collection.Exposition;

namespace Pharos.Collection.Scraping;

/// <summary>Gets one target's exposition over HTTP. One fetch at a time; its buffer grows to the target's size and stays.</summary>
internal sealed class ScrapeFetcher(
    HttpClient client, ScrapeJobOptions job, ScrapeTarget target, CollectorContext context)
{
    /// <summary>The most that a target may send, unpacked, where the job sets no limit.</summary>
    public const long MaxBodyBytes = 512L << 20;

    private readonly string _accept = ContentNegotiation.AcceptHeader(Protocols(job, context.Options), job.NameEscaping);
    private byte[] _buffer = new byte[16 << 10];

    /// <summary>Where zeros at the start are wanted and the file names no formats, the one that always tells the start comes first.</summary>
    private static IReadOnlyList<ScrapeProtocol> Protocols(ScrapeJobOptions job, CollectorOptions options) =>
        options.IngestZeroAtStart && ReferenceEquals(job.ScrapeProtocols, ScrapeJobOptions.DefaultProtocols)
            ? ScrapeJobOptions.ProtoFirstProtocols : job.ScrapeProtocols;

    public async Task<ScrapeFetch> FetchAsync(CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(target.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            return await FetchOnceAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return ScrapeFetch.Failed($"Get \"{target.Url}\": context deadline exceeded (timeout {target.Timeout})");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException
            or InvalidOperationException or NotSupportedException or UnauthorizedAccessException or ArgumentException)
        {
            return ScrapeFetch.Failed($"Get \"{target.Url}\": {fault.Message}");
        }
    }

    private async Task<ScrapeFetch> FetchOnceAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Url);
        request.Headers.TryAddWithoutValidation("Accept", _accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", job.EnableCompression ? "gzip" : "identity");
        request.Headers.TryAddWithoutValidation("User-Agent", context.Options.UserAgent);
        request.Headers.TryAddWithoutValidation(
            "X-Prometheus-Scrape-Timeout-Seconds", target.Timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        using var response = await client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return ScrapeFetch.Failed($"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}");
        }
        var raw = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var _ = raw.ConfigureAwait(false);
        var zipped = response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.OrdinalIgnoreCase);
        var stream = zipped ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        await using var __ = stream.ConfigureAwait(false);
        return await ReadAsync(stream, ContentType(response.Content.Headers), cancellation).ConfigureAwait(false);
    }

    private async Task<ScrapeFetch> ReadAsync(Stream stream, string? contentType, CancellationToken cancellation)
    {
        var limit = job.BodySizeLimitBytes > 0 ? Math.Min(job.BodySizeLimitBytes, MaxBodyBytes) : MaxBodyBytes;
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
            var read = await stream.ReadAsync(_buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return new ScrapeFetch(_buffer.AsMemory(0, length), contentType, null);
            }
            length += read;
            if (length >= limit)
            {
                context.Metrics.ExceededBodySizeLimit.Add(1);
                return ScrapeFetch.Failed(ScrapeFetch.BodyTooLarge);
            }
        }
    }

    /// <summary>The header as sent: one that is not well-formed must reach the fallback rule, not vanish.</summary>
    private static string? ContentType(HttpContentHeaders headers) =>
        headers.TryGetValues("Content-Type", out var values) ? string.Join(',', values) : null;
}
