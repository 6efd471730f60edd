using System.Net;
using System.Text.Json;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.IncidentIo;
using Pharos.Alerting.Receivers.Mattermost;
using Pharos.Alerting.Receivers.RocketChat;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>Rocket.Chat, Mattermost and incident.io: one request, one JSON object.</summary>
public sealed class ChatNotifierTests
{
    private static readonly RocketChatOptions RocketChat = new()
    {
        ApiUrl = "https://rocket.example/", Token = Secret.Inline("t0ken-of-rocket"), TokenId = Secret.Inline("user"), Channel = "#c", Text = "{{ .Status }}",
    };

    private static readonly MattermostOptions Mattermost = new() { WebhookUrl = Secret.Inline("https://mm.example/hooks/x"), Channel = "#c" };

    private static readonly IncidentIoOptions IncidentIo = new()
    {
        Url = Secret.Inline("https://incident.example/x"), AlertSourceToken = Secret.Inline("t0ken-of-incident"),
    };

    [Fact]
    public async Task RocketChat_gets_one_attachment()
    {
        var http = new FakeHttp(HttpStatusCode.OK, "{\"success\":true}", "application/json");
        var options = RocketChat with
        {
            ShortFields = true,
            Fields = [new RocketChatField("t", "{{ .Status }}"), new RocketChatField("u", "v", false)],
            Actions = [new RocketChatAction("Go", "{{ .ExternalURL }}"), new RocketChatAction("Say", Message: "hi")],
            Emoji = ":fire:",
            IconUrl = "http://i",
        };
        Assert.Equal(NotifyOutcome.Sent, (await new RocketChatNotifier(options, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default)).Outcome);
        Assert.Equal("https://rocket.example/api/v1/chat.postMessage", http.Requests[0].Url);
        Assert.Equal(["t0ken-of-rocket"], http.Requests[0].Message.Headers.GetValues("X-Auth-Token"));
        Assert.Equal(["user"], http.Requests[0].Message.Headers.GetValues("X-User-Id"));
        Assert.Equal("{\"channel\":\"#c\",\"emoji\":\":fire:\",\"avatar\":\"http://i\",\"attachments\":[{\"title\":\"[FIRING:2] HighLoad (api critical)\"," +
            "\"title_link\":\"http://am.example:9093/#/alerts?receiver=team%5C.a\",\"text\":\"firing\",\"color\":\"red\",\"fields\":[" +
            "{\"short\":true,\"title\":\"t\",\"value\":\"firing\"},{\"short\":false,\"title\":\"u\",\"value\":\"v\"}],\"actions\":[" +
            "{\"type\":\"button\",\"text\":\"Go\",\"url\":\"http://am.example:9093\",\"is_webview\":false,\"msg_in_chat_window\":false}," +
            "{\"type\":\"button\",\"text\":\"Say\",\"is_webview\":false,\"msg\":\"hi\",\"msg_in_chat_window\":false}]}]}\n", http.Requests[0].Body);
    }

    [Theory]
    [InlineData("{\"success\":false,\"error\":\"bad t0ken-of-rocket\"}", NotifyOutcome.Failed, "channel \"#c\": error response from Rocketchat: bad <secret>")]
    [InlineData("<html>", NotifyOutcome.Retry, "channel \"#c\": Rocket.Chat's answer is no JSON: <html>")]
    public async Task RocketChat_says_200_to_refusals_too(string body, NotifyOutcome expected, string reason)
    {
        var http = new FakeHttp(HttpStatusCode.OK, body, "application/json");
        var result = await new RocketChatNotifier(RocketChat, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal((expected, reason), (result.Outcome, result.Reason));
    }

    [Fact]
    public async Task Mattermost_gets_its_own_keys_as_one_attachment()
    {
        var sent = await SentToMattermost(Mattermost with
        {
            Message = Mattermost.Message with { Text = "{{ .Status }}", Fields = [new MattermostField("t", "v", true), new MattermostField("u", "w")], Footer = "f" },
            Card = "card",
            Priority = new MattermostPriority("URGENT", RequestedAck: true, PersistentNotifications: true),
        });
        Assert.Equal("{\"channel\":\"#c\",\"username\":\"Alertmanager\",\"attachments\":[{\"fallback\":\"[FIRING:2] HighLoad (api critical) | " +
            "http://am.example:9093/#/alerts?receiver=team%5C.a\",\"color\":\"danger\",\"text\":\"firing\",\"title\":\"[FIRING:2] HighLoad (api critical)\"," +
            "\"title_link\":\"http://am.example:9093/#/alerts?receiver=team%5C.a\",\"fields\":[{\"title\":\"t\",\"value\":\"v\",\"short\":true}," +
            "{\"title\":\"u\",\"value\":\"w\"}],\"footer\":\"f\"}],\"props\":{\"card\":\"card\"}," +
            "\"priority\":{\"priority\":\"urgent\",\"requested_ack\":true,\"persistent_notifications\":true}}\n", sent);
    }

    [Fact]
    public async Task Mattermost_gets_the_older_attachments_below_a_text()
    {
        var sent = await SentToMattermost(Mattermost with
        {
            Username = "",
            Message = new MattermostAttachment { Text = new string('x', 20_000) },
            Attachments = [new MattermostAttachment { Title = "Test", Text = "{{ .Status }}" }],
            Priority = new MattermostPriority("whatever", RequestedAck: true, PersistentNotifications: true),
        });
        var text = JsonDocument.Parse(sent).RootElement.GetProperty("text").GetString()!;
        Assert.Equal(16383, text.Length);
        Assert.EndsWith("x…", text, StringComparison.Ordinal);
        Assert.EndsWith("\",\"channel\":\"#c\",\"attachments\":[{\"text\":\"firing\",\"title\":\"Test\"}],\"priority\":{\"priority\":\"standard\"}}\n", sent,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task IncidentIo_gets_the_webhook_message_under_its_own_version()
    {
        var http = new FakeHttp(HttpStatusCode.Accepted, "{}");
        await new IncidentIoNotifier(IncidentIo with { MaxAlerts = 2 }, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default);
        Assert.Equal("Bearer t0ken-of-incident", http.Requests[0].Message.Headers.Authorization!.ToString());
        var message = JsonDocument.Parse(http.Requests[0].Body).RootElement;
        Assert.Equal("1", message.GetProperty("version").GetString());
        Assert.Equal(2, message.GetProperty("alerts").GetArrayLength());
        Assert.Equal(1, message.GetProperty("truncatedAlerts").GetInt32());
    }

    [Fact]
    public async Task IncidentIo_gets_the_first_alert_alone_where_all_are_too_large()
    {
        var http = new FakeHttp(HttpStatusCode.Accepted, "{}");
        var large = Some.Notification.Alerts[0] with { Annotations = LabelSet.From(("text", new string('x', 200_000))) };
        await new IncidentIoNotifier(IncidentIo, Setup(new HttpClient(http)))
            .NotifyAsync(Some.Notification with { Alerts = [large, large, large] }, default);
        Assert.Equal(1, JsonDocument.Parse(http.Requests[0].Body).RootElement.GetProperty("alerts").GetArrayLength());
    }

    private static async Task<string> SentToMattermost(MattermostOptions options)
    {
        var http = new FakeHttp(HttpStatusCode.OK, "ok");
        Assert.Equal(NotifyOutcome.Sent, (await new MattermostNotifier(options, Setup(new HttpClient(http))).NotifyAsync(Some.Notification, default)).Outcome);
        return http.Requests[0].Body;
    }
}
