using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers;
using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Receivers.Webhook;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>Messages byte by byte against testdata/*.json; UPDATE_GOLDEN=1 writes them anew.</summary>
public sealed class PayloadTests
{
    private const string SeedText = "*{{ .GroupLabels.alertname }}*\n\n{{ range .Alerts }}\n{{ .Annotations.summary }}\n" +
        "{{ .Annotations.description }}\n\n<{{ .Annotations.runbook_url }}|Runbook> | <{{ .Annotations.dashboard_url }}|Dashboard>\n{{ end }}\n";

    private static readonly Secret Url = Secret.Inline("https://hooks.example/x");

    [Fact]
    public async Task Webhook()
    {
        await Matches("webhook.json", static http => new WebhookNotifier(new WebhookOptions { Url = Url }, Setup(http)));
        await Matches("webhook-truncated.json", static http => new WebhookNotifier(new WebhookOptions { Url = Url, MaxAlerts = 1 }, Setup(http)));
    }

    [Fact]
    public Task Webhook_with_a_payload_of_the_users() => Matches("webhook-payload.json", static http => new WebhookNotifier(
        new WebhookOptions
        {
            Url = Url,
            Payload = new TemplatedNode.Map(new Dictionary<string, TemplatedNode>
            {
                ["text"] = "{{ template \"__subject\" . }}",
                ["count"] = "{{ len .Alerts }}",
                ["labels"] = "{{ .CommonLabels | toJson }}",
                ["{{ .Status }}"] = new TemplatedNode.List([new TemplatedNode.Literal(true), "a\nb", new TemplatedNode.Literal(null)]),
            }),
        }, Setup(http)));

    [Fact]
    public async Task Slack()
    {
        await Matches("slack-default.json", static http => new SlackNotifier(new SlackOptions { ApiUrl = Url, Channel = "#c" }, Setup(http)));
        await Matches("slack-seed.json", static http => new SlackNotifier(
            new SlackOptions { ApiUrl = Url, Channel = "#critical-alerts", Title = "🚨 CRITICAL ALERT 🚨", Text = SeedText }, Setup(http)));
        await Matches("slack-full.json", static http => new SlackNotifier(
            new SlackOptions
            {
                ApiUrl = Url,
                Channel = "#c",
                MessageText = "m <&>",
                LinkNames = true,
                ShortFields = true,
                Fields = [new SlackField("t", "{{ .Status }}"), new SlackField("u", "v", false)],
                Actions = [new SlackAction { Type = "button", Text = "Go", Url = "{{ .ExternalURL }}", Confirm = new SlackConfirmation("sure?", "T", "ok", "no") }],
                ImageUrl = "http://i",
                ThumbUrl = "http://t",
                MarkdownIn = ["text"],
                IconEmoji = ":fire:",
            }, Setup(http)));
    }

    [Fact]
    public async Task PagerDuty()
    {
        await Matches("pagerduty-default.json", static http => new PagerDutyNotifier(new PagerDutyOptions { RoutingKey = Secret.Inline("key") }, Setup(http)));
        await Matches("pagerduty-v1.json", static http => new PagerDutyNotifier(new PagerDutyOptions { ServiceKey = Secret.Inline("key") }, Setup(http)));
        await Matches("pagerduty-seed.json", static http => new PagerDutyNotifier(
            new PagerDutyOptions
            {
                RoutingKey = Secret.Inline("key"),
                Description = "{{ .GroupLabels.alertname }}: {{ .Alerts | len }} alerts",
                Details = new Dictionary<string, TemplatedNode>
                {
                    ["firing"] = "{{ .Alerts.Firing | len }}",
                    ["resolved"] = "{{ .Alerts.Resolved | len }}",
                    ["summary"] = "{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}",
                },
            }, Setup(http)));
    }

    [Fact]
    public async Task A_resolved_group_resolves_the_incident_of_the_same_key()
    {
        var http = new FakeHttp(HttpStatusCode.Accepted, "{}", "application/json");
        var notifier = new PagerDutyNotifier(new PagerDutyOptions { RoutingKey = Secret.Inline("key") }, Setup(new HttpClient(http)));
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Notification, CancellationToken.None)).Outcome);
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Resolved, CancellationToken.None)).Outcome);
        static string Key(string json) => json.Split("\"dedup_key\":\"")[1][..64];
        Assert.Equal(Key(http.Requests[0].Body), Key(http.Requests[1].Body));
        Assert.Contains("\"event_action\":\"trigger\"", http.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"event_action\":\"resolve\"", http.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_template_is_replaced_by_plain_text()
    {
        var http = new FakeHttp(HttpStatusCode.OK, "ok");
        var notifier = new SlackNotifier(new SlackOptions { ApiUrl = Url, Channel = "#c", Title = "{{ .Nope }}", Text = "{{ nofunc }}" },
            Setup(new HttpClient(http)));
        Assert.Equal(NotifyOutcome.Sent, (await notifier.NotifyAsync(Some.Notification, CancellationToken.None)).Outcome);
        Assert.Contains("\"title\":\"[FIRING:2] HighLoad\"", http.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("über", http.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("can't evaluate field Nope", http.Requests[0].Body, StringComparison.Ordinal);
    }

    /// <summary>The files are what Alertmanager 0.25 sent for the same two alerts.</summary>
    [Fact]
    public async Task Alertmanager_sends_the_same()
    {
        var group = Some.Notification with { Alerts = [.. Some.Notification.Alerts.Take(2)], GroupKey = "{}:{alertname=\"HighLoad\"}" };
        var webhook = await Sent(group, static http => new WebhookNotifier(new WebhookOptions { Url = Url }, Setup(http)));
        // Later versions have two more keys.
        Assert.Equal(await Read("alertmanager-0.25-webhook.json"), webhook
            .Replace("\"notification_reason\":\"first notification\",", "", StringComparison.Ordinal)
            .Replace("\"routeLabels\":{\"team\":\"a\"},", "", StringComparison.Ordinal));
        Assert.Equal(await Read("alertmanager-0.25-slack.json"), await Sent(group, static http =>
            new SlackNotifier(new SlackOptions { ApiUrl = Url, Channel = "#c" }, Setup(http))));
        Assert.Equal(await Read("alertmanager-0.25-slack-fields.json"), await Sent(group, static http => new SlackNotifier(
            new SlackOptions
            {
                ApiUrl = Url,
                Channel = "#c",
                Title = "🚨 CRITICAL ALERT 🚨",
                LinkNames = true,
                ShortFields = true,
                Fields = [new SlackField("t", "{{ .Status }}"), new SlackField("u", "v", false)],
                Actions = [new SlackAction { Type = "button", Text = "Go", Url = "{{ .ExternalURL }}" }],
                Text = "*{{ .GroupLabels.alertname }}*\n\n{{ range .Alerts }}\n{{ .Annotations.summary }}\n<{{ .Annotations.runbook_url }}|Runbook>\n{{ end }}\n",
            }, Setup(http))));
    }

    [Theory]
    [InlineData("no_service", "text/plain", NotifyOutcome.Failed)]
    [InlineData("ok", "text/plain", NotifyOutcome.Sent)]
    [InlineData("{\"ok\":true}", "application/json", NotifyOutcome.Sent)]
    [InlineData("{\"ok\":false,\"error\":\"channel_not_found\"}", "application/json", NotifyOutcome.Failed)]
    [InlineData("{\"ok\":false,\"error\":\"ratelimited\"}", "application/json", NotifyOutcome.Retry)]
    [InlineData("[]", "application/json", NotifyOutcome.Failed)]
    [InlineData("{", "application/json", NotifyOutcome.Retry)]
    public async Task Slack_says_200_to_refusals_too(string body, string mediaType, NotifyOutcome expected)
    {
        var notifier = new SlackNotifier(new SlackOptions { ApiUrl = Url }, Setup(new HttpClient(new FakeHttp(HttpStatusCode.OK, body, mediaType))));
        Assert.Equal(expected, (await notifier.NotifyAsync(Some.Notification, CancellationToken.None)).Outcome);
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc")]
    [InlineData("abcde", 4, "abc…")]
    [InlineData("🚨🚨🚨🚨🚨", 4, "🚨🚨🚨…")]
    [InlineData("", 3, "")]
    public void A_long_text_is_cut_by_code_points(string text, int max, string expected) =>
        Assert.Equal(expected, MessageText.Truncate(text, max));

    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "a…")]
    [InlineData("🚨🚨", 7, "🚨…")]
    [InlineData("🚨🚨", 6, "…")]
    [InlineData("abcd", 3, "…")]
    [InlineData("abcd", 2, "..")]
    public void A_long_text_is_cut_by_bytes_between_characters(string text, int max, string expected) =>
        Assert.Equal(expected, MessageText.TruncateBytes(text, max));

    private static async Task Matches(string golden, Func<HttpClient, INotifier> make)
    {
        var http = new FakeHttp(HttpStatusCode.OK, "ok");
        var result = await make(new HttpClient(http)).NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal("", result.Reason);
        var source = Path.Combine(SourceFolder(), "testdata", golden);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(source)!);
            await File.WriteAllTextAsync(source, http.Requests[0].Body);
        }
        Assert.Equal(await File.ReadAllTextAsync(source), http.Requests[0].Body);
    }

    private static async Task<string> Sent(Notification notification, Func<HttpClient, INotifier> make)
    {
        var http = new FakeHttp(HttpStatusCode.OK, "ok");
        await make(new HttpClient(http)).NotifyAsync(notification, CancellationToken.None);
        return http.Requests[0].Body;
    }

    private static Task<string> Read(string golden) => File.ReadAllTextAsync(Path.Combine(SourceFolder(), "testdata", golden));

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "")
    {
        var local = Path.GetDirectoryName(path)!;
        return Directory.Exists(local) ? local : Path.Combine(AppContext.BaseDirectory, "Receivers");
    }
}
