using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Export;

/// <summary>Posts one batch after another, again where the receiver says that it may be.</summary>
/// <remarks>Again after 429, 502, 503, 504 and where there was no answer; after <c>Retry-After</c>, or after a pause that doubles, with
/// chance in it. A batch is given up when its time is over.</remarks>
internal sealed partial class OtlpSender : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    /// <summary>Of an answer no more is read.</summary>
    private const int MaxAnswerBytes = 64 << 10;

    private readonly OtlpTraceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ExportCounts _counts;
    private readonly HttpClient _client;
    private bool _failing;
    private bool _rejected;

    public OtlpSender(OtlpTraceOptions options, TimeProvider time, ILogger log, ExportCounts counts)
    {
        _options = options;
        _time = time;
        _log = log;
        _counts = counts;
        // Without a propagator the handler makes no span of its own: exporting must not be traced.
        _client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Never throws for what the receiver or the network does.</summary>
    public async Task SendAsync(ByteBuffer body, int spans, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var (isDone, retryAfter, why) = await TryAsync(body, spans, either.Token).ConfigureAwait(false);
                if (isDone)
                {
                    return;
                }
                if (!_failing)
                {
                    _failing = true;
                    LogFailing(_log, _options.Endpoint, why);
                }
                await Task.Delay(retryAfter ?? Varied(pause), _time, either.Token).ConfigureAwait(false);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
        }
        catch (OperationCanceledException)
        {
            _counts.Dropped(spans, stop.IsCancellationRequested ? "stopped" : "failed");
        }
    }

    private async Task<(bool IsDone, TimeSpan? RetryAfter, string Why)> TryAsync(ByteBuffer body, int spans, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = Content(body) };
            foreach (var (name, value) in _options.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
            using var response = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                Took(await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false), spans);
                return (true, null, "");
            }
            var why = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                return (false, RetryAfter(response.Headers.RetryAfter), why);
            }
            Rejected(spans, why);
            return (true, null, why);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (false, null, e.Message);
        }
    }

    private HttpContent Content(ByteBuffer body)
    {
        HttpContent content;
        if (_options.Gzip)
        {
            var zipped = new MemoryStream();
            using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(body.Written);
            }
            content = new ByteArrayContent(zipped.GetBuffer(), 0, (int)zipped.Length);
            content.Headers.ContentEncoding.Add("gzip");
        }
        else
        {
            content = new ReadOnlyMemoryContent(body.WrittenMemory);
        }
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return content;
    }

    private void Took(byte[] answer, int spans)
    {
        if (_failing)
        {
            _failing = false;
            LogRecovered(_log, _options.Endpoint);
        }
        var (rejected, message) = PartialSuccess.Read(answer);
        rejected = Math.Clamp(rejected, 0, spans);
        _counts.Exported(spans - (int)rejected);
        if (rejected > 0 || message.Length > 0)
        {
            Rejected((int)rejected, message);
            return;
        }
        _rejected = false;
    }

    /// <summary>Counts them all, and says so once until something is taken again.</summary>
    private void Rejected(int spans, string why)
    {
        _counts.Dropped(spans, "rejected");
        if (!_rejected)
        {
            _rejected = true;
            LogRejected(_log, _options.Endpoint, spans, why);
        }
    }

    /// <summary>By up to a fifth, after the clock's finest digits: applications that failed together do not come back together.</summary>
    private TimeSpan Varied(TimeSpan pause) => pause * (0.8 + (0.4 * (_time.GetTimestamp() % 1000 / 1000d)));

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? TimeSpan.FromTicks(Math.Max(0, (date - _time.GetUtcNow()).Ticks)) : null);

    [LoggerMessage(Level = LogLevel.Warning, Message = "traces cannot be sent to {Endpoint}: {Why}; they are tried again")]
    private static partial void LogFailing(ILogger log, Uri endpoint, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "traces are sent to {Endpoint} again")]
    private static partial void LogRecovered(ILogger log, Uri endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Endpoint} did not take {Spans} spans: {Why}")]
    private static partial void LogRejected(ILogger log, Uri endpoint, int spans, string why);
}
