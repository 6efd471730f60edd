using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class SlackUpdateTests : IDisposable
{
    private readonly InMemoryStateStore _state = new();
    private string _answer = "{\"ok\":true,\"ts\":\"1.2\",\"channel\":\"C1\"}";

    [Fact]
    public async Task A_bot_updates_the_first_message_of_a_group_over_restarts()
    {
        var http = Slack();
        await Notify(http, Some.Notification);
        await Notify(http, Some.Resolved);
        Assert.Equal(["POST /api/chat.postMessage", "POST /api/chat.update"], http.Requests.Select(static request => request.Line));
        Assert.StartsWith("{\"channel\":\"#c\",\"username\"", http.Requests[0].Body, StringComparison.Ordinal);
        Assert.StartsWith("{\"channel\":\"C1\",\"ts\":\"1.2\"", http.Requests[1].Body, StringComparison.Ordinal);
        Assert.Equal("Bearer t", http.Requests[1].Message.Headers.Authorization!.ToString());
        Assert.Equal("slack.example", http.Requests[1].Message.RequestUri!.Host);
    }

    [Fact]
    public async Task A_group_that_begins_anew_gets_a_new_message()
    {
        var http = Slack();
        await Notify(http, Some.Notification);
        await Notify(http, Some.Notification, startsAnew: true);
        await Notify(http, Some.Notification);
        Assert.Equal(["POST /api/chat.postMessage", "POST /api/chat.postMessage", "POST /api/chat.update"],
            http.Requests.Select(static request => request.Line));
    }

    [Fact]
    public async Task A_message_that_was_deleted_is_posted_anew()
    {
        var http = Slack();
        await Notify(http, Some.Notification);
        _answer = "{\"ok\":false,\"error\":\"message_not_found\"}";
        Assert.Equal(NotifyOutcome.Retry, (await Notify(http, Some.Notification)).Outcome);
        Assert.Equal(NotifyOutcome.Failed, (await Notify(http, Some.Notification)).Outcome);
        Assert.Equal("POST /api/chat.postMessage", http.Requests[^1].Line);
    }

    public void Dispose() => _state.Dispose();

    private ScriptedHttp Slack() => new(_ => (HttpStatusCode.OK, _answer));

    private async Task<NotifyResult> Notify(ScriptedHttp http, Notification notification, bool startsAnew = false)
    {
        var options = new SlackOptions
        {
            AppToken = Secret.Inline("t"), AppUrl = "https://slack.example/api/chat.postMessage", Channel = "#c", UpdateMessage = true,
        };
        // A new notifier each time, as after a restart.
        return await new SlackNotifier(options, Setup(new HttpClient(http))).NotifyAsync(
            notification with { Memory = GroupMemory.Of(_state, "key", startsAnew) }, default);
    }
}
