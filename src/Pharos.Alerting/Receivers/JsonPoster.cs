using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers;

/// <summary>Posts a message and judges the answer by its status. Its reasons never carry the address.</summary>
internal sealed class JsonPoster(HttpClient client)
{
    /// <summary>How much of an answer is read.</summary>
    private const int MaxAnswerBytes = 64 * 1024;

    private const int MaxReasonChars = 300;

    /// <summary>Scheme, the nothing between colon and slashes twice: the host may follow, and hosts hold keys too.</summary>
    private const int UrlPartsBeforePath = 3;

    /// <summary>Shorter parts of an address are words such as "services".</summary>
    private const int ShortestSecretPart = 9;

    // What this server reports itself as; Alertmanager's own name is what receivers' filters expect.
    private static readonly ProductInfoHeaderValue UserAgent = new("Alertmanager", "pharos");

    /// <param name="judge">Looks into the answer of a success; null accepts it.</param>
    public async ValueTask<NotifyResult> PostAsync(
        PostRequest request, Func<HttpAnswer, NotifyResult?>? judge, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(request.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new NotifyResult(NotifyOutcome.Failed, "the address is no http or https URL");
        }
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (request.Timeout is { } timeout && timeout > TimeSpan.Zero)
        {
            limited.CancelAfter(timeout);
        }
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Json))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            };
            message.Headers.UserAgent.Add(UserAgent);
            if (request.Bearer is not null)
            {
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.Bearer);
            }
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            var body = await ReadAsync(response, limited.Token);
            return Judge(response, body, request, judge);
        }
        catch (OperationCanceledException)
        {
            return new NotifyResult(NotifyOutcome.Retry, cancellation.IsCancellationRequested
                ? "cancelled" : "no answer in time");
        }
        catch (HttpRequestException problem)
        {
            // The exception's own text may hold the host, which for some services is part of the secret.
            return new NotifyResult(NotifyOutcome.Retry, "the request failed: " + problem.HttpRequestError);
        }
        catch (IOException)
        {
            return new NotifyResult(NotifyOutcome.Retry, "the connection was lost");
        }
    }

    private static NotifyResult Judge(
        HttpResponseMessage response, string body, PostRequest request, Func<HttpAnswer, NotifyResult?>? judge)
    {
        var status = (int)response.StatusCode;
        var answer = new HttpAnswer(status, response.Content.Headers.ContentType?.MediaType ?? "", body);
        if (status is >= 200 and < 300)
        {
            return judge?.Invoke(answer) is { } refusal ? refusal with { Reason = Redact(refusal.Reason, request) } : NotifyResult.Sent;
        }
        var reason = string.Create(CultureInfo.InvariantCulture, $"unexpected status code {status}");
        var detail = Redact(body.Trim(), request);
        reason += detail.Length == 0 ? "" : ": " + MessageText.Truncate(detail, MaxReasonChars);
        var mayPass = status >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests || status == request.AlsoRetried;
        return new NotifyResult(mayPass ? NotifyOutcome.Retry : NotifyOutcome.Failed, reason, mayPass ? RetryAfter(response) : null);
    }

    /// <summary>Services repeat what they were sent in their complaints: not only the whole address, but also the key
    /// that is a part of it.</summary>
    private static string Redact(string body, PostRequest request)
    {
        var parts = request.Url.Split(['/', '?', '&', '=', '@', ':', '#'])
            .Skip(UrlPartsBeforePath).Where(static part => part.Length >= ShortestSecretPart);
        foreach (var secret in request.Secrets.Append(request.Url).Concat(parts).Where(static secret => secret.Length > 0))
        {
            body = body.Replace(secret, "<secret>", StringComparison.Ordinal);
        }
        return body;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when response.Headers.Date is { } now && date > now => date - now,
        _ => null,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxAnswerBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
