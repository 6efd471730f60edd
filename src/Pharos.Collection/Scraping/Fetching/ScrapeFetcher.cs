using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Pharos.Collection.Exposition;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping.Fetching;

/// <summary>Gets one target's exposition over HTTP. One fetch at a time; its buffers grow to the target's size and stay.</summary>
internal sealed class ScrapeFetcher(
    HttpClient client, ScrapeJobOptions job, ScrapeTarget target, CollectorContext context)
{
    /// <summary>The most that a target may send, unpacked, where the job sets no limit.</summary>
    public const long MaxBodyBytes = 512L << 20;

    /// <summary>More than a packed body can be longer than it is unpacked.</summary>
    private const int PackingOverheadBytes = 1 << 20;

    private readonly string _accept = ContentNegotiation.AcceptHeader(Protocols(job, context.Options), job.NameEscaping);
    private readonly GrowingBuffer _body = new();
    private readonly GrowingBuffer _packed = new();

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
        request.Headers.TryAddWithoutValidation(
            "X-Prometheus-Scrape-Timeout-Seconds", GoFloat.FormatF(target.Timeout.TotalSeconds));
        return request;
    }

    private async Task<ScrapeFetch> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        var raw = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var _ = raw.ConfigureAwait(false);
        // Only this very word, as in Prometheus: a body packed otherwise is read as it comes, and refused.
        if (content.Headers.ContentEncoding.FirstOrDefault() != "gzip")
        {
            var length = await FillAsync(raw, _body, Limit, cancellation).ConfigureAwait(false);
            return length is { } whole ? Body(whole, content) : TooLarge();
        }
        if (await FillAsync(raw, _packed, Limit + PackingOverheadBytes, cancellation).ConfigureAwait(false) is not { } packed)
        {
            return TooLarge();
        }
        if (PackedBody.FaultAtStart(_packed.Bytes.AsSpan(0, packed)) is { } badStart)
        {
            return ScrapeFetch.Failed(badStart);
        }
        var source = new MemoryStream(_packed.Bytes, 0, packed, writable: false);
        using var unpacking = new GZipStream(source, CompressionMode.Decompress);
        if (await FillAsync(unpacking, _body, Limit, cancellation).ConfigureAwait(false) is not { } unpacked)
        {
            return TooLarge();
        }
        var fault = PackedBody.Fault(_packed.Bytes.AsMemory(0, packed), _body.Bytes.AsSpan(0, unpacked));
        return fault is null ? Body(unpacked, content) : ScrapeFetch.Failed(fault);
    }

    private long Limit => job.BodySizeLimitBytes > 0 ? Math.Min(job.BodySizeLimitBytes, MaxBodyBytes) : MaxBodyBytes;

    private ScrapeFetch Body(int length, HttpContent content) =>
        new(_body.Bytes.AsMemory(0, length), ContentType(content.Headers), null);

    private ScrapeFetch TooLarge()
    {
        context.Metrics.ExceededBodySizeLimit.Add(1);
        return ScrapeFetch.Failed(ScrapeFetch.BodyTooLarge);
    }

    /// <summary>The stream's length; null where that reaches the limit.</summary>
    private static async ValueTask<int?> FillAsync(Stream stream, GrowingBuffer buffer, long limit, CancellationToken cancellation)
    {
        var length = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer.SpaceAt(length), cancellation).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length >= limit)
            {
                return null;
            }
        }
        return length;
    }

    /// <summary>The header as sent: one that is not well-formed must reach the fallback rule, not vanish.</summary>
    private static string? ContentType(HttpContentHeaders headers) =>
        headers.TryGetValues("Content-Type", out var values) ? string.Join(',', values) : null;

    private sealed class GrowingBuffer
    {
        public byte[] Bytes { get; private set; } = [];

        public Memory<byte> SpaceAt(int length)
        {
            if (length == Bytes.Length)
            {
                var grown = new byte[Math.Max(16 << 10, length * 2)];
                Bytes.AsSpan(0, length).CopyTo(grown);
                Bytes = grown;
            }
            return Bytes.AsMemory(length);
        }
    }
}
