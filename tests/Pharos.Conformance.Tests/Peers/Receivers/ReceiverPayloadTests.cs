using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;

namespace Pharos.Conformance.Tests.Peers.Receivers;

/// <summary>Receivers that the installed Alertmanager has, too, told the same story there and here: the same requests
/// with the same bytes, except where newer versions differ, each such place named.</summary>
public sealed partial class ReceiverPayloadTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";
    private const string ExternalUrl = "http://monitoring.example/";

    /// <summary>What newer Alertmanagers than 0.25 write otherwise.</summary>
    private static readonly (string Path, Regex Ours, string Theirs)[] NewerThanPeer =
    [
        ("webhook", NewWebhookFields(), ""),
        ("webhook-few", NewWebhookFields(), ""),
    ];

    private static readonly string[] Kinds =
    [
        "webhook", "webhook-few", "slack", "slack-full", "pagerduty", "pagerduty-full", "webex", "sns", "wechat",
        "opsgenie", "opsgenie-full", "victorops", "victorops-full", "telegram", "telegram-plain", "discord", "discord-full",
    ];

    private readonly Dictionary<string, int> _read = new(StringComparer.Ordinal);

    [Fact]
    public async Task Both_send_the_same_requests()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-receivers").FullName;
        await using var listener = new LoopbackListener(Answer);
        try
        {
            var (peerAt, oursAt) = (Address(), Address());
            await using var peer = await PeerProcess.ServeAsync(
                Alertmanager, new Uri(peerAt, "/-/ready"), $"--config.file={await ConfigAsync(folder, "peer", listener)}", $"--storage.path={folder}/am",
                $"--web.listen-address={peerAt.Authority}", "--cluster.listen-address=", $"--web.external-url={ExternalUrl}", "--web.route-prefix=/");
            await using var ours = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(oursAt, "/-/ready"), "serve", $"--alertmanager.config.file={await ConfigAsync(folder, "ours", listener)}",
                $"--data={folder}/data", $"--web.listen-address={oursAt.Authority}", $"--web.external-url={ExternalUrl}", "--web.route-prefix=/");
            // The peer flushes at once what began longer than the group's wait ago, with the alerts that it has sorted by then.
            var now = TimeProvider.System.GetUtcNow();
            var end = now.AddMilliseconds(5);
            object[][] story =
            [
                [Alert("npa", now), Alert("mca", now.AddMilliseconds(-10)), Alert("wpa", now.AddMilliseconds(-20))],
                [Alert("npa", now, end), Alert("mca", now.AddMilliseconds(-10), end), Alert("wpa", now.AddMilliseconds(-20), end)],
            ];
            List<string> differences = [];
            foreach (var step in story)
            {
                foreach (var address in (Uri[])[peerAt, oursAt])
                {
                    using var client = new HttpClient { BaseAddress = address };
                    using var answer = await client.PostAsJsonAsync("/api/v2/alerts", step);
                    Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
                }
                foreach (var kind in Kinds)
                {
                    var theirs = await NextAsync(listener, "peer", kind);
                    var own = await NextAsync(listener, "ours", kind);
                    if (theirs != own)
                    {
                        differences.Add($"{kind}\npeer: {theirs}\nours: {own}");
                    }
                }
            }
            Assert.True(differences.Count == 0, string.Join("\n\n", differences));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The next request of a kind; token requests of WeChat are part of the talk and not of the comparison.</summary>
    private async Task<string> NextAsync(LoopbackListener listener, string name, string kind)
    {
        var prefix = $"/{name}/{kind}/";
        var read = _read.GetValueOrDefault(prefix);
        for (var attempt = 0; attempt < 800; attempt++)
        {
            var requests = listener.Requests.Where(request => request.Path.StartsWith(prefix, StringComparison.Ordinal) &&
                !request.Path.Contains("gettoken", StringComparison.Ordinal)).ToList();
            if (requests.Count > read)
            {
                _read[prefix] = read + 1;
                var body = requests[read].Body;
                foreach (var (path, ours, theirs) in NewerThanPeer.Where(difference => name == "ours" && difference.Path == kind))
                {
                    body = ours.Replace(body, theirs);
                }
                return $"{requests[read].Path[(prefix.Length - 1)..]} {body}";
            }
            await Task.Delay(25);
        }
        return "(nothing)";
    }

    private static string Answer(string path) => path.Contains("gettoken", StringComparison.Ordinal) ? "{\"access_token\":\"token\",\"errcode\":0}"
        : path.Contains("wechat", StringComparison.Ordinal) ? "{\"errcode\":0}"
        : path.Contains("telegram", StringComparison.Ordinal) ? "{\"ok\":true,\"result\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":7,\"type\":\"group\"}}}"
        : path.Contains("sns", StringComparison.Ordinal)
            ? "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
        : "ok";

    private static object Alert(string agent, DateTimeOffset startsAt, DateTimeOffset? endsAt = null) => new
    {
        labels = new { alertname = "AgentDown", severity = "critical", agent, instance = $"{agent}:8090" },
        annotations = new { summary = "Agent is down", description = $"Agent <\"{agent}\" & others> ist ausgefallen: größer 🚨\u2028" },
        startsAt = startsAt.ToString("O"),
        endsAt = endsAt?.ToString("O"),
        generatorURL = "http://prometheus.example/graph?g0.expr=up&g0.tab=1",
    };

    private static async Task<string> ConfigAsync(string folder, string name, LoopbackListener listener)
    {
        var file = Path.Combine(folder, $"{name}.yml");
        var at = $"http://{listener.Authority}/{name}";
        await File.WriteAllTextAsync(file, $$$"""
            global: {resolve_timeout: 1h}
            route: {receiver: all, group_by: [alertname, severity], group_wait: 2s, group_interval: 1s, repeat_interval: 12h}
            receivers:
            - name: all
              webhook_configs:
              - {url: '{{{at}}}/webhook/'}
              - {url: '{{{at}}}/webhook-few/', max_alerts: 2}
              slack_configs:
              - {send_resolved: true, api_url: '{{{at}}}/slack/', channel: '#c'}
              - send_resolved: true
                api_url: '{{{at}}}/slack-full/'
                channel: '#{{ .Status }}'
                username: 'bot <&>'
                icon_emoji: ':fire:'
                icon_url: 'http://i'
                link_names: true
                short_fields: true
                title: '{{ .CommonLabels.SortedPairs.Values | join " " }}'
                text: '{{ range .Alerts }}{{ .Annotations.description }} {{ end }}'
                pretext: 'pre'
                fallback: 'fall'
                footer: 'foot'
                image_url: 'http://image'
                thumb_url: 'http://thumb'
                mrkdwn_in: [text]
                fields: [{title: t, value: '{{ .Status }}'}, {title: u, value: v, short: false}]
                actions:
                - {type: button, text: Go, url: '{{ .ExternalURL }}', name: dropped}
                - {type: button, text: Ack, name: ack, value: '{{ .Status }}', style: danger, confirm: {text: 'sure?', title: T, ok_text: Y, dismiss_text: N}}
              pagerduty_configs:
              - {routing_key: key, url: '{{{at}}}/pagerduty/', details: {{{PagerDutyDetails}}} }
              - routing_key: '{{ "{{ .Status }}" }}'
                url: '{{{at}}}/pagerduty-full/'
                client: 'me {{ .Status }}'
                client_url: 'http://me'
                description: '{{ range .Alerts }}{{ .Annotations.description }}{{ end }}'
                severity: '{{ .CommonLabels.severity }}'
                class: c
                component: d
                group: '{{ .GroupLabels.alertname }}'
                details: {{{PagerDutyDetails}}}
                images: [{src: 'http://i/{{ .Status }}', alt: a, href: h}, {src: '', alt: dropped}]
                links: [{href: 'http://l', text: 'text'}, {href: '', text: dropped}]
              webex_configs:
              - {api_url: '{{{at}}}/webex/', room_id: room, http_config: {authorization: {credentials: token}} }
              sns_configs:
              - api_url: '{{{at}}}/sns/'
                topic_arn: 'arn:aws:sns:us-east-1:1:t.fifo'
                attributes: {severity: '{{ .CommonLabels.severity }}', b: c}
                sigv4: {region: us-east-1, access_key: access, secret_key: secret}
              wechat_configs:
              - {send_resolved: true, api_url: '{{{at}}}/wechat/', api_secret: secret, corp_id: corp, to_user: '@all', agent_id: '7'}
              opsgenie_configs:
              - {api_url: '{{{at}}}/opsgenie', api_key: key}
              - api_url: '{{{at}}}/opsgenie-full/?x=1'
                api_key: 'k {{ .Status }}'
                message: '{{ range .Alerts }}{{ .Annotations.description }} {{ end }}'
                description: ''
                source: 's'
                details: {a: '{{ .Status }}', severity: own}
                entity: e
                responders: [{name: 'a,b,,c', type: teams}, {username: u, type: USER}, {id: '{{ .CommonLabels.none }}', type: '{{ .CommonLabels.none }}'}]
                actions: 'x,y'
                tags: ' a,,{{ .Status }}'
                note: n
                priority: P2
              victorops_configs:
              - {api_url: '{{{at}}}/victorops', api_key: key, routing_key: 'r {{ .Status }}/ä'}
              - api_url: '{{{at}}}/victorops-full/'
                api_key: key
                routing_key: r
                message_type: WARNING
                custom_fields: {f: '{{ .Status }}', Z: z}
                state_message: '<&>'
                entity_display_name: e
                monitoring_tool: m
              telegram_configs:
              - {api_url: '{{{at}}}/telegram', bot_token: '1:t', chat_id: -7, parse_mode: HTML}
              - api_url: '{{{at}}}/telegram-plain'
                bot_token: '1:t'
                chat_id: 7
                parse_mode: ''
                message: '{{ range .Alerts }}{{ .Annotations.description }} {{ end }}'
                disable_notifications: true
              discord_configs:
              - {webhook_url: '{{{at}}}/discord/x'}
              - {webhook_url: '{{{at}}}/discord-full/x', title: '{{ range .Alerts }}{{ .Annotations.description }} {{ end }}', message: m}
            """);
        return file;
    }

    /// <summary>The standard details of 0.25 are a text, those of newer versions the alerts in JSON; so both are given theirs.</summary>
    private const string PagerDutyDetails = "{firing: 'f {{ .Alerts.Firing | len }}x', resolved: 'r {{ .Alerts.Resolved | len }}x', num_firing: 'n x', num_resolved: 'm x'}";

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");

    [GeneratedRegex("\"notification_reason\":\"[^\"]*\",|\"routeLabels\":\\{\\},")]
    private static partial Regex NewWebhookFields();
}
