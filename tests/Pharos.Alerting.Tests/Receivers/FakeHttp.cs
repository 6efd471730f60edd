using System.Net;
using System.Text;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>Answers every request the same and remembers what was asked.</summary>
internal sealed class FakeHttp(HttpStatusCode status, string body, string mediaType = "text/plain") : HttpMessageHandler
{
    public List<(string Url, string Body, HttpRequestMessage Message)> Requests { get; } = [];

    public Exception? Throws { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.RequestUri!.ToString(), request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken), request));
        cancellationToken.ThrowIfCancellationRequested();
        if (Throws is not null)
        {
            throw Throws;
        }
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = new(delay);
        }
        return response;
    }
}
