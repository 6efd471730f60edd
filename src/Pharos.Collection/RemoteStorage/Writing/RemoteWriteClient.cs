using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>Posts requests to one endpoint and judges the answers as Prometheus does.</summary>
/// <remarks>Thread-safe. Owns its HTTP client.</remarks>
internal sealed class RemoteWriteClient(RemoteWriteOptions options, string userAgent, TimeProvider time) : IDisposable
{
    /// <summary>How much of an answer is read to say why it refused.</summary>
    private const int MaxReasonChars = 512;

    private readonly HttpClient _http = options.CreateHttpClient();

    /// <param name="samples">How many samples and histograms the request holds: version 2 wants them confirmed.</param>
    public async Task<SendResult> SendAsync(byte[] body, int samples, int attempt, CancellationToken abort)
    {
        using var limit = new CancellationTokenSource(options.RemoteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
        try
        {
            using var request = Request(body, attempt);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
                .ConfigureAwait(false);
            return await JudgeAsync(response, samples, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return new SendResult(SendVerdict.Interrupted, "interrupted");
        }
        catch (OperationCanceledException)
        {
            return new SendResult(SendVerdict.Recoverable, $"no answer within {options.RemoteTimeout}");
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
        {
            return new SendResult(SendVerdict.Recoverable, e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(byte[] body, int attempt)
    {
        var second = options.Message is RemoteWriteMessage.V2;
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Type", second ? "application/x-protobuf;proto=io.prometheus.write.v2.Request" : "application/x-protobuf");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Remote-Write-Version", second ? "2.0.0" : "0.1.0");
        if (attempt > 0)
        {
            request.Headers.TryAddWithoutValidation("Retry-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        }
        foreach (var (name, value) in options.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.Reveal());
        }
        return request;
    }

    private async Task<SendResult> JudgeAsync(HttpResponseMessage response, int samples, CancellationToken cancellation)
    {
        var written = options.Message is RemoteWriteMessage.V2 ? WrittenCounts.Read(response.Headers) : null;
        if (response.IsSuccessStatusCode)
        {
            // A server of version 1 that takes a version 2 request for an empty one answers 2xx all the same.
            return options.Message is RemoteWriteMessage.V2 && samples > 0 && written is null
                ? new SendResult(SendVerdict.Refused, "the server answered 2xx without confirming a sample; does it take remote write 2.0?")
                : new SendResult(SendVerdict.Sent, "", Written: written);
        }
        var reason = $"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}: "
            + await FirstLineAsync(response, cancellation).ConfigureAwait(false);
        var recoverable = (int)response.StatusCode >= 500
            || (options.Queue.RetryOnHttp429 && response.StatusCode is HttpStatusCode.TooManyRequests);
        return recoverable
            ? new SendResult(SendVerdict.Recoverable, reason, RetryAfter(response.Headers.RetryAfter))
            : new SendResult(
                SendVerdict.Refused, reason, IsBadRequest: response.StatusCode is HttpStatusCode.BadRequest, Written: written);
    }

    private TimeSpan RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero);
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static async Task<string> FirstLineAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using var closing = stream.ConfigureAwait(false);
        using var reader = new StreamReader(stream);
        var buffer = new char[MaxReasonChars];
        var length = await reader.ReadBlockAsync(buffer, cancellation).ConfigureAwait(false);
        var line = buffer.AsSpan(0, length);
        var end = line.IndexOf('\n');
        return new string(end < 0 ? line : line[..end]);
    }
}
