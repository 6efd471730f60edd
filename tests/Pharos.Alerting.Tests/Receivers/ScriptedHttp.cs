using System.Net;
using System.Text;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>Answers each request as the script says and remembers it.</summary>
/// <param name="answer">From <c>METHOD path?query</c> to status and JSON.</param>
internal sealed class ScriptedHttp(Func<string, (HttpStatusCode Status, string Json)> answer) : HttpMessageHandler
{
    public List<(string Line, string Body, HttpRequestMessage Message)> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var line = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        Requests.Add((line, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken), request));
        var (status, json) = answer(line);
        return new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
    }
}
