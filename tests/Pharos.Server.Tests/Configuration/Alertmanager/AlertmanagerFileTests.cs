using Pharos.Alerting.Receivers;
using Pharos.Alerting.Receivers.Email;
using Pharos.Alerting.Receivers.OpsGenie;
using Pharos.Alerting.Receivers.PagerDuty;
using Pharos.Alerting.Receivers.Slack;
using Pharos.Alerting.Receivers.Telegram;
using Pharos.Alerting.Receivers.VictorOps;
using Pharos.Alerting.Receivers.Webhook;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Alertmanager;

namespace Pharos.Server.Tests.Configuration.Alertmanager;

public sealed class AlertmanagerFileTests
{
    [Fact]
    public void Receivers_inherit_the_global_section()
    {
        var config = Read("""
            global:
              smtp_smarthost: mail:587
              smtp_from: a@x
              smtp_auth_username: u
              smtp_auth_password_file: secrets/smtp
              slack_api_url_file: /s/slack
              http_config: {follow_redirects: false}
            route: {receiver: r}
            receivers:
            - name: r
              email_configs: [{to: b@x}, {to: c@x, smarthost: 'other:25', require_tls: false}]
              slack_configs: [{channel: '#c'}, {channel: '#d', api_url: 'https://hooks.example/x', http_config: {}}]
              pagerduty_configs: [{routing_key: k, details: {n: 5, t: '{{ .Status }}', l: [true]}}]
              webhook_configs: [{url: 'http://h/{{ .Receiver }}', max_alerts: 3}]
            """).Config!;
        var receiver = Assert.Single(config.Receivers);
        var (first, second) = (Options<EmailOptions>(receiver, 0), Options<EmailOptions>(receiver, 1));
        Assert.Equal(("mail", 587, "a@x", "u", true), (first.SmarthostHost, first.SmarthostPort, first.From, first.AuthUsername, first.RequireTls));
        Assert.Equal("/etc/alertmanager/secrets/smtp", first.AuthPassword!.File);
        Assert.Equal(("other", 25, false), (second.SmarthostHost, second.SmarthostPort, second.RequireTls));
        Assert.Equal("/s/slack", Options<SlackOptions>(receiver, 0).ApiUrl!.File);
        Assert.Equal("https://hooks.example/x", Options<SlackOptions>(receiver, 1).ApiUrl!.Reveal());
        Assert.False(Of<SlackOptions>(receiver, 0).Http.FollowRedirects);
        Assert.True(Of<SlackOptions>(receiver, 1).Http.FollowRedirects);
        var details = Options<PagerDutyOptions>(receiver, 0).Details;
        Assert.Equal(new TemplatedNode.Literal(5L), details["n"]);
        Assert.Equal(new TemplatedNode.Text("{{ .Status }}"), details["t"]);
        Assert.Equal(3, Options<WebhookOptions>(receiver, 0).MaxAlerts);
    }

    [Theory]
    [InlineData("[", false)]
    [InlineData("[]", false)]
    [InlineData("a[b-]", false)]
    [InlineData("a\\", false)]
    [InlineData("sub[/]x", false)]
    [InlineData("[a-z]*.tmpl", true)]
    [InlineData("[^z-a]?\\*.tmpl", true)]
    public void A_pattern_of_templates_is_read_as_Go_reads_it(string pattern, bool isGood) => Assert.Equal(isGood,
        Read($"route: {{receiver: r}}\nreceivers: [{{name: r}}]\ntemplates: ['{pattern}']").Config is not null);

    [Fact]
    public void A_pattern_names_the_files_that_it_matches()
    {
        var folder = Directory.CreateTempSubdirectory("pharos-patterns-").FullName;
        try
        {
            foreach (var name in (string[])["a1.tmpl", "b2.tmpl", "b*.tmpl", "[.tmpl"])
            {
                File.WriteAllText(Path.Combine(folder, name), "");
            }
            string[] Found(string pattern) => [.. FileGlob.Expand($"{folder}/{pattern}").Select(file => Path.GetFileName(file)!)];
            Assert.Equal(["a1.tmpl"], Found("[a-a][0-9].tmpl"));
            Assert.Equal(["b*.tmpl", "b2.tmpl"], Found("[^a[]?.tmpl"));
            Assert.Equal(["b*.tmpl"], Found(@"b\*.tmpl"));
            Assert.Equal(["[.tmpl"], Found(@"[\[].tmpl"));
            Assert.Empty(Found("[z-a]1.tmpl"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_webhook_keeps_its_scheme_where_the_rest_is_hidden()
    {
        const string Text = "route: {receiver: r}\nreceivers: [{name: r, webhook_configs: [{url: 'https://h/KEY'}, {url: http://KEY/x}, {url: \"HTTP://KEY\"}]}]\n";
        var shown = Read(Text).Report.TextWithoutSecrets;
        Assert.Contains("[{url: 'https://<secret>'}, {url: http://<secret>}, {url: <secret>}]", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Subject_and_body_of_mail_are_honoured_with_a_warning()
    {
        var result = Read("""
            route: {receiver: r}
            receivers:
            - name: r
              email_configs:
              - {to: b@x, from: a@x, smarthost: 'm:25', subject: S, body: B}
            """);
        var mail = Options<EmailOptions>(result.Config!.Receivers[0], 0);
        Assert.Equal(("S", "B"), (mail.Subject, mail.Body));
        Assert.Equal(2, result.Report.Problems.Count(p => p is { Kind: ConfigProblemKind.Extension, Severity: ConfigSeverity.Warning }));
    }

    [Fact]
    public void The_tree_keeps_what_is_inherited_as_null()
    {
        var route = Read("""
            route:
              receiver: r
              group_by: ['...']
              group_wait: 10s
              routes:
              - match: {severity: critical}
                match_re: {service: 'a|b'}
                matchers: ['team="x"', '{env!="dev", zone=~"e.*"}']
                continue: true
                group_by: []
            receivers: [{name: r}]
            """).Config!.Route;
        Assert.Equal(["..."], route.GroupBy!);
        var child = Assert.Single(route.Routes);
        Assert.Null(child.Receiver);
        Assert.Null(child.GroupWait);
        Assert.Empty(child.GroupBy!);
        Assert.True(child.Continue);
        Assert.Equal(["severity=\"critical\"", "service=~\"^(?:a|b)$\"", "team=\"x\"", "env!=\"dev\"", "zone=~\"e.*\""],
            child.Matchers.Select(m => m.ToString()));
    }

    [Fact]
    public void Every_key_of_global_has_its_default_and_reaches_its_receivers()
    {
        const string Receivers = """
            route: {receiver: r, matchers: [], mute_time_intervals: []}
            receivers:
            - name: r
              labels: {team: a, none: ''}
              opsgenie_configs: [{}, {api_url: 'http://own/x?y=z', api_key_file: own}]
              victorops_configs: [{routing_key: k}]
              telegram_configs: [{chat_id: -7}, {chat_id_file: chat, bot_token: own}]
            """;
        var receiver = Read("global: {opsgenie_api_key: k, victorops_api_key_file: v, telegram_bot_token: t}\n" + Receivers).Config!.Receivers[0];
        Assert.Equal("{name=\"r\", team=\"a\"}", receiver.Labels.ToString());
        var (first, second) = (Options<OpsGenieOptions>(receiver, 0), Options<OpsGenieOptions>(receiver, 1));
        Assert.Equal(("https://api.opsgenie.com/", "k", true), (first.ApiUrl, first.ApiKey.Reveal(), first.SendResolved));
        Assert.Equal(("http://own/x/?y=z", "/etc/alertmanager/own"), (second.ApiUrl, second.ApiKey.File));
        var victorOps = Options<VictorOpsOptions>(receiver, 0);
        Assert.Equal(("https://alert.victorops.com/integrations/generic/20131114/alert/", "/etc/alertmanager/v", "CRITICAL"),
            (victorOps.ApiUrl, victorOps.ApiKey.File, victorOps.MessageType));
        var telegram = Options<TelegramOptions>(receiver, 0);
        Assert.Equal(("https://api.telegram.org", "t", "-7", "HTML"),
            (telegram.ApiUrl, telegram.BotToken.Reveal(), telegram.ChatId.Reveal(), telegram.ParseMode));
        telegram = Options<TelegramOptions>(receiver, 1);
        Assert.Equal(("own", "/etc/alertmanager/chat"), (telegram.BotToken.Reveal(), telegram.ChatId.File));

        receiver = Read("global: {opsgenie_api_url: 'http://o', opsgenie_api_key: k, victorops_api_url: 'http://v', victorops_api_key: v, " +
            "telegram_api_url: 'http://t', telegram_bot_token_file: t}\n" + Receivers).Config!.Receivers[0];
        Assert.Equal(("http://o/", "http://v/", "http://t"), (Options<OpsGenieOptions>(receiver, 0).ApiUrl,
            Options<VictorOpsOptions>(receiver, 0).ApiUrl, Options<TelegramOptions>(receiver, 0).ApiUrl));
    }

    [Theory]
    [InlineData("inhibit_rules: [null]")]
    [InlineData("global: {smtp_smarthost: '[::1]:smtp', pagerduty_url: 'HTTPS://h'}")]
    public void What_Alertmanager_loads_loads(string more)
    {
        var result = Read("route: {receiver: r}\nreceivers: [{name: r}]\n" + more);
        Assert.True(result.Config is not null, string.Join('\n', result.Report.Problems));
    }

    [Fact]
    public void Slack_takes_its_own_address_or_token_before_the_global_ones()
    {
        const string Global = "global: {slack_app_token: t, slack_api_url: 'https://slack.com/api/chat.postMessage'}\n";
        static SlackOptions Of(string global, string entry) => Options<SlackOptions>(
            Read($"{global}route: {{receiver: r}}\nreceivers: [{{name: r, slack_configs: [{entry}]}}]").Config!.Receivers[0], 0);
        Assert.Equal("t", Of(Global, "{}").AppToken?.Reveal());
        Assert.Null(Of(Global, "{}").ApiUrl);
        Assert.Equal("u", Of(Global, "{app_token: u}").AppToken!.Reveal());
        var hook = Of(Global, "{api_url: 'https://hooks.example/x'}");
        Assert.Equal("https://hooks.example/x", hook.ApiUrl!.Reveal());
        Assert.Null(hook.AppToken);
        var own = Of("global: {slack_api_url: 'https://own.example/api'}\n", "{http_config: {authorization: {credentials: c}}}");
        Assert.Equal("https://own.example/api", own.ApiUrl!.Reveal());
        Assert.Null(own.AppToken);
    }

    [Theory]
    [InlineData("", "no route provided in config")]
    [InlineData("receivers: [{name: r}]", "no route provided in config")]
    [InlineData("route: {}\nreceivers: [{name: r}]", "root route must specify a default receiver")]
    [InlineData("route: {receiver: r, match: {a: b}}\nreceivers: [{name: r}]", "root route must not have any matchers")]
    [InlineData("route: {receiver: s}\nreceivers: [{name: r}]", "undefined receiver \"s\" used in route")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r}, {name: r}]", "notification config name \"r\" is not unique")]
    [InlineData("route: {receiver: r, group_by: [a, a]}\nreceivers: [{name: r}]", "duplicated label \"a\" in group_by")]
    [InlineData("route: {receiver: r, group_by: [a, '...']}\nreceivers: [{name: r}]", "cannot have wildcard group_by")]
    [InlineData("route: {receiver: r, group_interval: 0s}\nreceivers: [{name: r}]", "group_interval cannot be zero")]
    [InlineData("route: {receiver: r, repeat_interval: 0s}\nreceivers: [{name: r}]", "repeat_interval cannot be zero")]
    [InlineData("route: {receiver: r, routes: [{mute_time_intervals: [n]}]}\nreceivers: [{name: r}]", "undefined time interval \"n\" used in route")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, slak_configs: []}]", "unknown key \"slak_configs\"; did you mean \"slack_configs\"?")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, pagerduty_configs: [{}]}]", "missing service or routing key in PagerDuty config")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, webhook_configs: [{}]}]", "one of url or url_file must be configured")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, webhook_configs: [null]}]", "missing webhook config")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, slack_configs: [{app_token: t, http_config: {bearer_token: x}}]}]",
        "http authorization can't be set when using Slack App tokens")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, pushover_configs: [{user_key: u, token: t, html: true, monospace: true}]}]",
        "at most one of monospace & html must be configured")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, pushover_configs: [{user_key: u, token: t, retry: 1d}]}]", "time: invalid duration \"1d\"")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, telegram_configs: [{bot_token: t}]}]", "missing chat_id or chat_id_file on telegram_config")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, telegram_configs: [{bot_token: t, chat_id: 1, parse_mode: X}]}]", "unknown parse_mode")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, victorops_configs: [{api_key: k}]}]", "missing Routing key in VictorOps config")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, victorops_configs: [{api_key: k, routing_key: r, custom_fields: {entity_state: x}}]}]",
        "custom field entity_state which cannot be used")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, opsgenie_configs: [{api_key: k, responders: [{name: n, type: boss}]}]}]",
        "responder type does not match valid options")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, opsgenie_configs: [{api_key: k, responders: [{type: team}]}]}]",
        "has to have at least one of id, username or name specified")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, discord_configs: [{}]}]", "one of webhook_url or webhook_url_file must be configured")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, msteamsv2_configs: [{webhook_url: 'https://h', summary: s}]}]", "unknown key \"summary\"")]
    [InlineData("global: {opsgenie_api_url: 'ftp://h'}\nroute: {receiver: r}\nreceivers: [{name: r}]", "unsupported scheme for URL")]
    [InlineData("global: {slack_api_url: ''}\nroute: {receiver: r}\nreceivers: [{name: r}]", "unsupported scheme for URL")]
    [InlineData("global: {smtp_smarthost: '::1:25'}\nroute: {receiver: r}\nreceivers: [{name: r}]", "too many colons in address")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r, opsgenie_configs: [{api_key: k, responders: [{name: n, type: '{{ x'}]}]}]",
        "responder type contains invalid template syntax")]
    [InlineData("global: {webex_api_url: 'https://'}\nroute: {receiver: r}\nreceivers: [{name: r}]", "missing host for URL")]
    [InlineData("global: {telegram_bot_token: a, telegram_bot_token_file: b}\nroute: {receiver: r}\nreceivers: [{name: r}]",
        "at most one of telegram_bot_token & telegram_bot_token_file must be configured")]
    [InlineData("route: {receiver: r, routes: [{match: {a-b: c}}]}\nreceivers: [{name: r}]", "invalid label name \"a-b\"")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r}]\ninhibit_rules: [{equal: ['']}]", "invalid label name \"\" in equal list")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r}]\nmute_time_intervals: [{name: a}]\ntime_intervals: [{name: a}]",
        "time interval \"a\" is not unique")]
    [InlineData("route: {receiver: r}\nreceivers: [{name: r}]\ntime_intervals: [{name: t, time_intervals: [{weekdays: [noday]}]}]", "noday is not a valid weekday")]
    public void A_mistake_is_named(string yaml, string expected)
    {
        var result = Read(yaml);
        Assert.Null(result.Config);
        Assert.Contains(expected, string.Join('\n', ConfigFiles.Lines(result.Report.Problems)), StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_appears_in_any_message()
    {
        var result = Read("""
            global: {slack_api_url: hunter2, slack_app_token: hunter2, smtp_auth_password: [hunter2], opsgenie_api_key: {hunter2: hunter2}}
            route: {receiver: r}
            receivers:
            - name: r
              slack_configs: [{api_url: 'ftp://hunter2/'}]
              webhook_configs: [{url: hunter2, http_config: {bearer_token: [hunter2], proxy_url: hunter2, basic_auth: {password: {a: hunter2}}}}]
              pagerduty_configs: [{routing_key: [hunter2]}]
            """);
        Assert.NotEmpty(result.Report.Problems);
        Assert.DoesNotContain("hunter2", string.Join('\n', ConfigFiles.Lines(result.Report.Problems)), StringComparison.Ordinal);
    }

    private static IntegrationConfig Of<T>(ReceiverConfig receiver, int index) =>
        receiver.Integrations.Where(static entry => entry.Options is T).ElementAt(index);

    private static T Options<T>(ReceiverConfig receiver, int index) => (T)Of<T>(receiver, index).Options;

    private static AlertmanagerReadResult Read(string yaml) =>
        AlertmanagerFile.ReadText("/etc/alertmanager/alertmanager.yml", yaml);
}
