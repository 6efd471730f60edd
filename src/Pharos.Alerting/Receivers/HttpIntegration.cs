using System.Globalization;
using System.Text;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers;

/// <summary>What all integrations over HTTP share: one attempt around their own message, and one rule for its answer.</summary>
/// <remarks>The rule: 2xx is success unless the integration's judge says otherwise; 5xx, 429 and whatever happens to the
/// connection may be repeated, a 429 or 503 not before its <c>Retry-After</c>; every other answer is final. No reason
/// carries an address or a secret.</remarks>
internal sealed class HttpIntegration(string name, ReceiverSetup setup)
{
    /// <summary>The bound of one request without its own. Alertmanager has none, so that a server that hangs once costs it
    /// the whole group interval.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How much of an answer is read.</summary>
    private const int MaxAnswerBytes = 1024 * 1024;

    private const int MaxReasonRunes = 300;

    // What this server reports itself as; Alertmanager's own name is what receivers' filters expect.
    private const string UserAgent = "Alertmanager/pharos";

    /// <summary>Of the attempt that runs: integrations make their requests without the notification at hand.</summary>
    private readonly AsyncLocal<Func<bool>?> _maySend = new();

    private SecretRedaction? _lastRedaction;

    public string Name { get; } = name;

    /// <summary>Runs one attempt. What the renderer had to replace is told with the result, and a secret's file that cannot
    /// be read is a reason to try again.</summary>
    public async ValueTask<NotifyResult> AttemptAsync(Notification notification,
        Func<NotificationRenderer, CancellationToken, ValueTask<NotifyResult>> send, CancellationToken cancellation)
    {
        var renderer = new NotificationRenderer(setup.Templates, notification, Name, setup.Logger);
        if (notification.MaySend is not null)
        {
            _maySend.Value = notification.MaySend;
        }
        NotifyResult result;
        try
        {
            result = await send(renderer, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Only a secret's file gets here: the connection's own troubles end in SendAsync.
            result = NotifyResult.Again(NotifyFailure.Other, problem.Message);
        }
        return renderer.Problem is null ? result : result with { TemplateProblem = renderer.Problem };
    }

    /// <param name="judge">Looks into the answer of a success, of whatever shape; null accepts it.</param>
    public async ValueTask<NotifyResult> SendAsync(
        OutgoingRequest request, CancellationToken cancellation, Func<HttpAnswer, NotifyResult?>? judge = null)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return NotifyResult.Never(NotifyFailure.Other, "the address is no http or https URL");
        }
        var timeout = request.Timeout is { } own && own > TimeSpan.Zero ? own : DefaultTimeout;
        using var clock = new CancellationTokenSource(timeout, setup.Time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
        try
        {
            using var message = Message(request, url);
            using var response = await setup.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            // What the client has added, of http_config, is as secret as what the integration gave.
            var added = SecretRedaction.AddedBy(message);
            request = added.Count == 0 ? request : request with { Secrets = [.. request.Secrets, .. added] };
            if (judge is null && response.IsSuccessStatusCode)
            {
                var thanks = await DrainAsync(response, limited.Token);
                return NotifyResult.Sent with { Exchange = Exchange(request, response, thanks) };
            }
            var body = await ReadAsync(response, limited.Token);
            return Judge(response, body, request, judge) with { Exchange = Exchange(request, response, body) };
        }
        catch (OperationCanceledException)
        {
            var result = cancellation.IsCancellationRequested ? NotifyResult.Again(NotifyFailure.ContextCanceled, "cancelled")
                : NotifyResult.Again(NotifyFailure.ContextDeadlineExceeded,
                    string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s"));
            return result with { Exchange = Exchange(request) };
        }
        catch (HttpRequestException problem)
        {
            // The exception's own text may hold the host, which for some services is part of the secret.
            var result = NotifyResult.Again(NotifyFailure.Other, "the request failed: " + problem.HttpRequestError);
            return result with { Exchange = Exchange(request) };
        }
        catch (IOException)
        {
            return NotifyResult.Again(NotifyFailure.Other, "the connection was lost") with { Exchange = Exchange(request) };
        }
    }

    private SecretRedaction RedactionFor(OutgoingRequest request)
    {
        var redaction = Volatile.Read(ref _lastRedaction);
        if (redaction?.IsFor(request) != true)
        {
            redaction = new SecretRedaction(request);
            Volatile.Write(ref _lastRedaction, redaction);
        }
        return redaction;
    }

    private NotifyExchange Exchange(OutgoingRequest request, HttpResponseMessage? response = null, string answer = "")
    {
        var redaction = RedactionFor(request);
        var exchange = ExchangeText.Of(request.Body ?? "", redaction.RedactPayload);
        return response is null ? exchange : exchange with
        {
            Status = (int)response.StatusCode,
            Answer = ExchangeText.Answer(answer, redaction.Redact),
        };
    }

    /// <summary>Frees the connection for the next request. The message is taken, whatever happens to the rest of the answer:
    /// to send it again would be to send it twice.</summary>
    /// <returns>The answer, or nothing where it was lost.</returns>
    private static async Task<string> DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(response, cancellation);
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or OperationCanceledException)
        {
            // The connection is not used again.
            return "";
        }
    }

    private HttpRequestMessage Message(OutgoingRequest request, Uri url)
    {
        var message = new HttpRequestMessage(request.Method, url);
        if (request.Body is not null)
        {
            var body = Encoding.UTF8.GetBytes(request.Body);
            message.Content = _maySend.Value is { } maySend ? new LastMomentContent(body, maySend) : new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (request.Authorization is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", request.Authorization);
        }
        if (request.Language is not null)
        {
            message.Headers.TryAddWithoutValidation("Accept-Language", request.Language);
        }
        foreach (var (header, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(header, value);
        }
        return message;
    }

    private NotifyResult Judge(
        HttpResponseMessage response, string body, OutgoingRequest request, Func<HttpAnswer, NotifyResult?>? judge)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            var answer = new HttpAnswer(status, response.Content.Headers.ContentType?.MediaType ?? "", body);
            return judge?.Invoke(answer) is { } refusal
                ? refusal with { Reason = RedactionFor(request).Redact(refusal.Reason) } : NotifyResult.Sent;
        }
        var reason = string.Create(CultureInfo.InvariantCulture, $"unexpected status code {status}");
        // Redacted before it is cut: half a secret is one, too.
        var detail = RedactionFor(request).Redact(body.Trim());
        reason += detail.Length == 0 ? "" : ": " + MessageText.Truncate(detail, MaxReasonRunes);
        var failure = NotifyFailures.Of(status);
        return status >= 500 || failure == NotifyFailure.RateLimited || status == request.AlsoRetried
            ? NotifyResult.Again(failure, reason, RetryAfter(response) ?? request.PauseIn?.Invoke(body)) : NotifyResult.Never(failure, reason);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date - (response.Headers.Date ?? setup.Time.GetUtcNow()) is var wait && wait > TimeSpan.Zero => wait,
        _ => null,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength == 0)
        {
            return "";
        }
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (answer.Length < MaxAnswerBytes && (read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            answer.Write(buffer, 0, read);
        }
        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }
}
