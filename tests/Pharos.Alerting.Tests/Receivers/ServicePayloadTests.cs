using System.Net;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Discord;
using Pharos.Alerting.Receivers.MicrosoftTeams;
using Pharos.Alerting.Receivers.OpsGenie;
using Pharos.Alerting.Receivers.Pushover;
using Pharos.Alerting.Receivers.Telegram;
using Pharos.Alerting.Receivers.VictorOps;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;
using static Pharos.Alerting.Tests.Receivers.Make;

namespace Pharos.Alerting.Tests.Receivers;

/// <summary>What the services get to see, byte by byte.</summary>
public sealed class ServicePayloadTests
{
    private static readonly Secret Key = Secret.Inline("key");
    private static readonly Secret Url = Secret.Inline("https://hooks.example/x");

    private static readonly TelegramOptions Telegram = new() { BotToken = Secret.Inline("123:abc"), ChatId = Secret.Inline("-100") };

    [Fact]
    public async Task OpsGenie_creates_updates_and_closes()
    {
        var http = new FakeHttp(HttpStatusCode.Accepted, "{}", "application/json");
        var notifier = new OpsGenieNotifier(
            new OpsGenieOptions
            {
                ApiKey = Key,
                Message = "{{ .CommonLabels.alertname }} <&>",
                Description = "d",
                Details = new Dictionary<string, string> { ["job"] = "own {{ .Status }}", ["a"] = "b" },
                Responders =
                [
                    new OpsGenieResponder("", "{{ .CommonLabels.job }}", "", "team"),
                    new OpsGenieResponder("{{ .CommonLabels.none }}", "", "", ""),
                    new OpsGenieResponder("", "x,,y", "", "{{ print \"teams\" }}"),
                    new OpsGenieResponder("7", "", "u", "user"),
                ],
                Tags = " a,b,,{{ .Status }} ",
                Actions = "x",
                Note = "n",
                Priority = "P{{ len .Alerts.Resolved }}",
                Entity = "e",
                UpdateAlerts = true,
            },
            Setup(new HttpClient(http)));
        Assert.Equal("", (await notifier.NotifyAsync(Some.Notification, CancellationToken.None)).Reason);
        Assert.Equal(["POST", "PUT", "PUT"], http.Requests.Select(static request => request.Message.Method.Method));
        var alias = http.Requests[0].Body.Split('"')[3];
        Assert.Equal(64, alias.Length);
        Assert.Equal("{\"alias\":\"" + alias + "\",\"message\":\"HighLoad \\u003c\\u0026\\u003e\",\"description\":\"d\",\"details\":{\"a\":\"b\"," +
            "\"alertname\":\"HighLoad\",\"job\":\"own firing\",\"severity\":\"critical\"}," +
            "\"source\":\"http://am.example:9093/#/alerts?receiver=team%5C.a\"," +
            "\"responders\":[{\"name\":\"api\",\"type\":\"team\"},{\"name\":\"x\",\"type\":\"team\"},{\"name\":\"y\",\"type\":\"team\"}," +
            "{\"id\":\"7\",\"username\":\"u\",\"type\":\"user\"}],\"tags\":[\"a\",\"b\",\"firing\"],\"note\":\"n\",\"priority\":\"P1\"," +
            "\"entity\":\"e\",\"actions\":[\"x\"]}\n", http.Requests[0].Body);
        Assert.Equal("https://api.opsgenie.com/v2/alerts", http.Requests[0].Url);
        Assert.Equal($"https://api.opsgenie.com/v2/alerts/{alias}/message?identifierType=alias", http.Requests[1].Url);
        Assert.Equal("{\"message\":\"HighLoad \\u003c\\u0026\\u003e\"}\n", http.Requests[1].Body);
        Assert.Equal($"https://api.opsgenie.com/v2/alerts/{alias}/description?identifierType=alias", http.Requests[2].Url);
        Assert.Equal("{\"description\":\"d\"}\n", http.Requests[2].Body);
        Assert.All(http.Requests, static request => Assert.Equal("GenieKey key", request.Message.Headers.Authorization!.ToString()));

        await notifier.NotifyAsync(Some.Resolved, CancellationToken.None);
        Assert.Equal($"https://api.opsgenie.com/v2/alerts/{alias}/close?identifierType=alias", http.Requests[3].Url);
        Assert.Equal("{\"source\":\"http://am.example:9093/#/alerts?receiver=team%5C.a\"}\n", http.Requests[3].Body);
    }

    [Fact]
    public async Task OpsGenie_leaves_out_what_is_empty_and_cuts_the_message()
    {
        var options = new OpsGenieOptions { ApiKey = Key, ApiUrl = "https://h/api/?x=1&a=2", Message = new string('ü', 131), Description = "", Source = "" };
        var (url, body) = await Sent(http => new OpsGenieNotifier(options, Setup(http)));
        Assert.Equal("https://h/api/v2/alerts?x=1&a=2", url);
        Assert.EndsWith(",\"message\":\"" + new string('ü', 129) + "…\",\"details\":{\"alertname\":\"HighLoad\",\"job\":\"api\",\"severity\":\"critical\"}," +
            "\"source\":\"\"}\n", body, StringComparison.Ordinal);
        (url, _) = await Sent(http => new OpsGenieNotifier(options, Setup(http)), Some.Resolved);
        Assert.EndsWith("/close?a=2&identifierType=alias&x=1", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VictorOps()
    {
        var options = new VictorOpsOptions
        {
            ApiKey = Key,
            RoutingKey = "team {{ .GroupLabels.alertname }}",
            MessageType = "{{ .CommonLabels.severity }}",
            StateMessage = new string('x', 20_481),
            CustomFields = new Dictionary<string, string> { ["Field_A"] = "{{ .CommonLabels.job }}" },
        };
        var (url, body) = await Sent(http => new VictorOpsNotifier(options, Setup(http)));
        Assert.Equal("https://alert.victorops.com/integrations/generic/20131114/alert/key/team%20HighLoad", url);
        Assert.StartsWith("{\"Field_A\":\"api\",\"entity_display_name\":\"[FIRING:2] HighLoad (api critical)\",\"entity_id\":\"",
            body, StringComparison.Ordinal);
        Assert.EndsWith("\",\"message_type\":\"CRITICAL\",\"monitoring_tool\":\"Alertmanager\",\"state_message\":\"" + new string('x', 20_479) + "…\"}\n",
            body, StringComparison.Ordinal);
        (_, body) = await Sent(http => new VictorOpsNotifier(options with { MessageType = "INFO" }, Setup(http)));
        Assert.Contains("\"message_type\":\"INFO\"", body, StringComparison.Ordinal);
        (_, body) = await Sent(http => new VictorOpsNotifier(options with { MessageType = "INFO" }, Setup(http)), Some.Resolved);
        Assert.Contains("\"message_type\":\"RECOVERY\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pushover()
    {
        var options = new PushoverOptions { Token = Secret.Inline("to ken"), UserKey = Key, Title = "t&", Message = " \n", Url = "u" };
        var (url, body) = await Sent(http => new PushoverNotifier(options, Setup(http)));
        Assert.Equal("https://api.pushover.net/1/messages.json?device=&expire=3600&message=%28no+details%29&priority=2&retry=60&sound=&title=t%26" +
            "&token=to+ken&url=u&url_title=&user=key", url);
        Assert.Equal("", body);
        (url, _) = await Sent(http => new PushoverNotifier(
            options with
            {
                Html = true,
                Message = "<b>{{ .Alerts | len }}{{ \"<\" }}</b>",
                Device = "d",
                Sound = "s",
                UrlTitle = "ut",
                TimeToLive = TimeSpan.FromMinutes(2),
                Retry = TimeSpan.FromSeconds(30.5),
                Expire = TimeSpan.FromMinutes(1),
            },
            Setup(http)), Some.Resolved);
        Assert.Equal("https://api.pushover.net/1/messages.json?device=d&expire=60&html=1&message=%3Cb%3E1%26lt%3B%3C%2Fb%3E&priority=0&retry=30&sound=s" +
            "&title=t%26&token=to+ken&ttl=120&url=u&url_title=ut&user=key", url);
        (url, _) = await Sent(http => new PushoverNotifier(
            options with { Monospace = true, Message = new string('m', 1025), Title = new string('t', 251) }, Setup(http)));
        Assert.Contains("&monospace=1&", url, StringComparison.Ordinal);
        Assert.Contains($"message={new string('m', 1023)}%E2%80%A6&", url, StringComparison.Ordinal);
        Assert.Contains($"title={new string('t', 249)}%E2%80%A6&", url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telegram_sends_texts_only()
    {
        var (url, body) = await Sent(http => new TelegramNotifier(Telegram with { Message = "<b>{{ .CommonLabels.job }}{{ \"<\" }}</b>" }, Setup(http)));
        Assert.Equal("https://api.telegram.org/bot123:abc/sendMessage", url);
        Assert.Equal("{\"chat_id\":\"-100\",\"disable_web_page_preview\":\"true\",\"parse_mode\":\"HTML\"," +
            "\"text\":\"\\u003cb\\u003eapi\\u0026lt;\\u003c/b\\u003e\"}\n", body);
        (_, body) = await Sent(http => new TelegramNotifier(
            Telegram with { Message = "{{ \"<\" }}", ParseMode = "", DisableNotifications = true, MessageThreadId = 7 }, Setup(http)));
        Assert.Equal("{\"chat_id\":\"-100\",\"disable_notification\":\"true\",\"disable_web_page_preview\":\"true\",\"message_thread_id\":\"7\"," +
            "\"text\":\"\\u003c\"}\n", body);
    }

    [Theory]
    [InlineData("HTML", 4096, false)]
    [InlineData("HTML", 4097, true)]
    [InlineData("MarkdownV2", 4096, false)]
    [InlineData("MarkdownV2", 4097, true)]
    public async Task Telegram_cuts_plain_text_and_replaces_html(string mode, int length, bool isReplaced)
    {
        // Tags are not counted, an entity is one character.
        var message = mode == "HTML" ? $"<a href=\"http://long\">{new string('x', length - 1)}</a>&amp;" : new string('x', length);
        var (_, body) = await Sent(http => new TelegramNotifier(Telegram with { ParseMode = mode, Message = message }, Setup(http)));
        Assert.Equal(isReplaced && mode == "HTML", body.Contains("message length exceeds Telegram limits", StringComparison.Ordinal));
        Assert.Equal(isReplaced && mode != "HTML", body.Contains($"{new string('x', 4095)}…\"", StringComparison.Ordinal));
        Assert.Equal(isReplaced && mode == "HTML", body.Contains("[FIRING:2] HighLoad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telegram_reads_the_chat_from_its_file_at_each_use()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, " 42\n");
            var (_, body) = await Sent(http => new TelegramNotifier(Telegram with { ChatId = Secret.FromFile(file) }, Setup(http)));
            Assert.StartsWith("{\"chat_id\":\"42\"", body, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "none");
            var setup = Setup(new HttpClient(new FakeHttp(HttpStatusCode.OK, "")));
            var result = await new TelegramNotifier(Telegram with { ChatId = Secret.FromFile(file) }, setup)
                .NotifyAsync(Some.Notification, CancellationToken.None);
            Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("{\"ok\":true,\"result\":{}}", NotifyOutcome.Sent)]
    [InlineData("{\"ok\":false}", NotifyOutcome.Retry)]
    [InlineData("<html>login</html>", NotifyOutcome.Retry)]
    [InlineData("", NotifyOutcome.Retry)]
    public async Task Telegram_must_say_ok(string answer, NotifyOutcome expected)
    {
        var result = await new TelegramNotifier(Telegram, Setup(new HttpClient(new FakeHttp(HttpStatusCode.OK, answer))))
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal(expected, result.Outcome);
    }

    [Fact]
    public async Task Telegram_names_its_pause_in_the_answer()
    {
        const string Answer = "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\",\"parameters\":{\"retry_after\":17}}";
        var result = await new TelegramNotifier(Telegram, Setup(new HttpClient(new FakeHttp(HttpStatusCode.TooManyRequests, Answer))))
            .NotifyAsync(Some.Notification, CancellationToken.None);
        Assert.Equal((NotifyOutcome.Retry, NotifyFailure.RateLimited, TimeSpan.FromSeconds(17)), (result.Outcome, result.Failure, result.RetryAfter!.Value));
    }

    [Fact]
    public async Task Discord()
    {
        var options = new DiscordOptions { WebhookUrl = Url, Message = "<m>" };
        var (url, body) = await Sent(http => new DiscordNotifier(options, Setup(http)));
        Assert.Equal("https://hooks.example/x", url);
        Assert.Equal("{\"content\":\"\",\"embeds\":[{\"title\":\"[FIRING:2] HighLoad (api critical)\"," +
            "\"description\":\"\\u003cm\\u003e\",\"color\":10038562}]}\n", body);
        (_, body) = await Sent(http => new DiscordNotifier(
            options with
            {
                Content = new string('c', 2001),
                Title = new string('t', 257),
                Message = new string('m', 4097),
                Username = "{{ u }}",
                AvatarUrl = "http://a",
            },
            Setup(http)), Some.Resolved);
        Assert.Equal($"{{\"content\":\"{new string('c', 1999)}…\",\"embeds\":[{{\"title\":\"{new string('t', 255)}…\"," +
            $"\"description\":\"{new string('m', 4095)}…\"," +
            "\"color\":3066993}],\"username\":\"{{ u }}\",\"avatar_url\":\"http://a\"}\n", body);
    }

    [Fact]
    public async Task Microsoft_Teams()
    {
        var (_, body) = await Sent(http => new MessageCardNotifier(new MessageCardOptions { WebhookUrl = Url, Text = "x" }, Setup(http)));
        Assert.Equal("{\"@context\":\"http://schema.org/extensions\",\"type\":\"MessageCard\",\"title\":\"[FIRING:2] HighLoad (api critical)\"," +
            "\"summary\":\"[FIRING:2] HighLoad (api critical)\",\"text\":\"x\",\"themeColor\":\"8C1A1A\"}\n", body);
        (_, body) = await Sent(http => new AdaptiveCardNotifier(new AdaptiveCardOptions { WebhookUrl = Url, Text = "x" }, Setup(http)), Some.Resolved);
        Assert.Equal("{\"type\":\"message\",\"attachments\":[{\"contentType\":\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null," +
            "\"content\":{\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\",\"type\":\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[" +
            "{\"type\":\"TextBlock\",\"text\":\"[RESOLVED] HighLoad (c:3 api critical)\",\"weight\":\"Bolder\",\"size\":\"Medium\",\"wrap\":true," +
            "\"style\":\"heading\",\"color\":\"Good\"},{\"type\":\"TextBlock\",\"text\":\"x\",\"wrap\":true}],\"msteams\":{\"width\":\"full\"}}}]}\n", body);
    }

    private static async Task<(string Url, string Body)> Sent(Func<HttpClient, INotifier> make, Notification? notification = null)
    {
        var http = new FakeHttp(HttpStatusCode.OK, "{\"ok\":true}", "application/json");
        var result = await make(new HttpClient(http)).NotifyAsync(notification ?? Some.Notification, CancellationToken.None);
        Assert.Equal((NotifyOutcome.Sent, ""), (result.Outcome, result.Reason));
        return (http.Requests[0].Message.RequestUri!.AbsoluteUri, http.Requests[0].Body);
    }
}
