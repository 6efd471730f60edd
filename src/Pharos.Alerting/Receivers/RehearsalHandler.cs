using System.Net;
using System.Text;

namespace Pharos.Alerting.Receivers;

/// <summary>Stands in for every service and answers as each of them does to a message that it takes; nothing leaves the process.</summary>
internal sealed class RehearsalHandler : HttpMessageHandler
{
    /// <summary>Slack, Telegram and Rocket.Chat say it by <c>ok</c> or <c>success</c>, WeChat by a token and code 0, Jira by its list of issues.</summary>
    private const string Taken =
        """{"ok":true,"success":true,"status":1,"errcode":0,"access_token":"rehearsal","issues":[],"transitions":[]}""";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(Taken, Encoding.UTF8, "application/json") });
}
