using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Discord;
using Pharos.Alerting.Receivers.IncidentIo;
using Pharos.Alerting.Receivers.Jira;
using Pharos.Alerting.Receivers.Mattermost;
using Pharos.Alerting.Receivers.MicrosoftTeams;
using Pharos.Alerting.Receivers.OpsGenie;
using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Alerting.Receivers.Pushover;
using Pharos.Alerting.Receivers.RocketChat;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Receivers.Sns;
using Pharos.Alerting.Receivers.Telegram;
using Pharos.Alerting.Receivers.VictorOps;
using Pharos.Alerting.Receivers.Webex;
using Pharos.Alerting.Receivers.Webhook;
using Pharos.Alerting.Receivers.WeChat;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>What holds for every receiver that speaks HTTP.</summary>
public sealed class ReceiverContractTests
{
    private const string SecretPart = "s3cr3t-t0ken";

    private static readonly string[] WithSecrets =
    [
        "slack", "slack-bot", "pagerduty", "pagerduty-v1", "webhook", "wechat", "rocketchat", "mattermost", "incidentio",
        "opsgenie", "victorops", "pushover", "telegram", "discord", "msteams", "msteamsv2",
    ];

    public static TheoryData<string> Integrations() => [.. WithSecrets, "webex", "sns", "jira"];

    public static TheoryData<string> IntegrationsWithSecrets() => [.. WithSecrets];

    public static TheoryData<string, string> Troubles() => new(
        from integration in WithSecrets.Append("webex").Append("sns").Append("jira")
        from trouble in new[] { LoopbackHttp.Cut, LoopbackHttp.CutInTheMiddle, LoopbackHttp.Garbage, LoopbackHttp.Hang }
        select (integration, trouble));

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task A_cancelled_attempt_may_be_repeated(string integration)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var result = await Notifier(integration, new FakeHttp(HttpStatusCode.OK, "ok")).NotifyAsync(Some.Notification, cancelled.Token);
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
    }

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task A_5xx_and_a_429_may_be_repeated_and_other_4xx_not(string integration)
    {
        Assert.Equal(NotifyOutcome.Retry, (await Notify(integration, HttpStatusCode.InternalServerError)).Outcome);
        Assert.Equal(NotifyOutcome.Failed, (await Notify(integration, HttpStatusCode.BadRequest)).Outcome);
        var limited = await Notifier(integration, new FakeHttp(HttpStatusCode.TooManyRequests, "slow down") { RetryAfter = TimeSpan.FromSeconds(7) })
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal(NotifyOutcome.Retry, limited.Outcome);
        Assert.Equal(TimeSpan.FromSeconds(7), limited.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Integrations))]
    public async Task No_reason_carries_a_secret(string integration)
    {
        foreach (var http in new[]
        {
            new FakeHttp(HttpStatusCode.BadRequest, "no such key " + SecretPart),
            new FakeHttp(HttpStatusCode.OK, "") { Throws = new HttpRequestException("cannot reach https://host/" + SecretPart) },
            new FakeHttp(HttpStatusCode.OK, "") { Throws = new IOException(SecretPart) },
        })
        {
            var result = await Notifier(integration, http).NotifyAsync(Some.Notification, CancellationToken.None);
            Assert.NotEqual(NotifyOutcome.Sent, result.Outcome);
            Assert.DoesNotContain(SecretPart, result.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task A_connection_in_trouble_is_tried_again_unless_the_message_was_taken(string integration, string trouble)
    {
        await using var server = new LoopbackHttp(trouble);
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(trouble == LoopbackHttp.Hang ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(20));
        var result = await Notifier(integration, client, server.Url + SecretPart).NotifyAsync(Some.Notification, limit.Token);
        // Where the status says all, what follows it is not needed.
        var isTaken = trouble == LoopbackHttp.CutInTheMiddle
            && integration is not ("slack" or "slack-bot" or "wechat" or "jira" or "rocketchat" or "telegram");
        Assert.Equal(isTaken ? NotifyOutcome.Sent : NotifyOutcome.Retry, result.Outcome);
        Assert.DoesNotContain(SecretPart, result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(IntegrationsWithSecrets))]
    public async Task A_missing_secret_file_is_named_and_tried_again(string integration)
    {
        var result = await Notifier(integration, new FakeHttp(HttpStatusCode.OK, "ok"), Secret.FromFile("/nonexistent/key"))
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        Assert.Contains("/nonexistent/key", result.Reason, StringComparison.Ordinal);
    }

    private static async Task<NotifyResult> Notify(string integration, HttpStatusCode status) =>
        await Notifier(integration, new FakeHttp(status, "no")).NotifyAsync(Some.Notification, CancellationToken.None);

    private static INotifier Notifier(string integration, FakeHttp http, Secret? secret = null) =>
        Notifier(integration, new HttpClient(http), "https://hooks.example/" + SecretPart, secret);

    private static INotifier Notifier(string integration, HttpClient client, string address, Secret? secret = null)
    {
        var setup = Setup(client);
        var url = secret ?? Secret.Inline(address);
        var key = secret ?? Secret.Inline(SecretPart);
        var folder = address + "/";
        return integration switch
        {
            "slack" => new SlackNotifier(new SlackOptions { ApiUrl = url, Channel = "#c" }, setup),
            "slack-bot" => new SlackNotifier(new SlackOptions { AppToken = key, AppUrl = address, Channel = "#c" }, setup),
            "pagerduty" => new PagerDutyNotifier(new PagerDutyOptions { RoutingKey = key, Url = address }, setup),
            "pagerduty-v1" => new PagerDutyNotifier(new PagerDutyOptions { ServiceKey = key, Url = address }, setup),
            "opsgenie" => new OpsGenieNotifier(new OpsGenieOptions { ApiUrl = folder, ApiKey = key }, setup),
            "victorops" => new VictorOpsNotifier(new VictorOpsOptions { ApiUrl = folder, ApiKey = key, RoutingKey = "r" }, setup),
            "pushover" => new PushoverNotifier(new PushoverOptions { ApiUrl = address, Token = key, UserKey = key }, setup),
            "telegram" => new TelegramNotifier(new TelegramOptions { ApiUrl = address, BotToken = key, ChatId = Secret.Inline("7") }, setup),
            "discord" => new DiscordNotifier(new DiscordOptions { WebhookUrl = url }, setup),
            "msteams" => new MessageCardNotifier(new MessageCardOptions { WebhookUrl = url }, setup),
            "msteamsv2" => new AdaptiveCardNotifier(new AdaptiveCardOptions { WebhookUrl = url }, setup),
            "webex" => new WebexNotifier(new WebexOptions { ApiUrl = address, RoomId = "r" }, setup),
            "sns" => new SnsNotifier(new SnsOptions { ApiUrl = address, TopicArn = "t" }, setup),
            "wechat" => new WeChatNotifier(new WeChatOptions { ApiUrl = folder, ApiSecret = key, CorpId = "c" }, setup),
            "jira" => new JiraNotifier(new JiraOptions { ApiUrl = folder, Project = "p", IssueType = "i" }, setup),
            "rocketchat" => new RocketChatNotifier(new RocketChatOptions { ApiUrl = folder, Token = key, TokenId = key }, setup),
            "mattermost" => new MattermostNotifier(new MattermostOptions { WebhookUrl = url }, setup),
            "incidentio" => new IncidentIoNotifier(new IncidentIoOptions { Url = url, AlertSourceToken = key }, setup),
            _ => new WebhookNotifier(new WebhookOptions { Url = url }, setup),
        };
    }
}
