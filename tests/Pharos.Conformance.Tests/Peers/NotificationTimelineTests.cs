using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>One story of alerts told to a real Alertmanager and to the real executable of Pharos with the same alertmanager.yml:
/// what both send to webhooks and to Slack is compared, message by message.</summary>
public sealed class NotificationTimelineTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    private const string ExternalUrl = "http://monitoring.example/";

    /// <summary>The only documented difference: fields of the webhook message that newer Alertmanagers than the installed one have.</summary>
    private static readonly string[] NewFields = ["notification_reason", "routeLabels"];

    [Fact]
    public async Task Both_send_the_same_messages()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-timeline").FullName;
        await using var listener = new LoopbackListener(_ => "ok");
        try
        {
            var (peerAt, oursAt) = (Address(), Address());
            await using var peer = await PeerProcess.ServeAsync(
                Alertmanager, new Uri(peerAt, "/-/ready"), $"--config.file={await ConfigAsync(folder, "peer", listener)}", $"--storage.path={folder}/am",
                $"--web.listen-address={peerAt.Authority}", "--cluster.listen-address=", $"--web.external-url={ExternalUrl}", "--web.route-prefix=/");
            await using var ours = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(oursAt, "/-/ready"), "serve", $"--alertmanager.config.file={await ConfigAsync(folder, "ours", listener)}",
                $"--data={folder}/data", $"--web.listen-address={oursAt.Authority}", $"--web.external-url={ExternalUrl}", "--web.route-prefix=/");
            using var peerClient = new HttpClient { BaseAddress = peerAt };
            using var oursClient = new HttpClient { BaseAddress = oursAt };
            var told = 0;
            foreach (var step in Story(DateTimeOffset.UtcNow))
            {
                foreach (var client in (HttpClient[])[peerClient, oursClient])
                {
                    using var answer = await client.PostAsJsonAsync("/api/v2/alerts", step);
                    Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
                }
                told++;
                foreach (var path in (string[])["/peer/webhook", "/peer/slack", "/ours/webhook", "/ours/slack"])
                {
                    await MessagesAsync(listener, path, told);
                }
                foreach (var channel in (string[])["webhook", "slack"])
                {
                    Assert.Equal(
                        (await MessagesAsync(listener, $"/peer/{channel}", told))[^1], (await MessagesAsync(listener, $"/ours/{channel}", told))[^1]);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Each step is posted once and leads to one message: two fire, a third joins, one ends, the others end, one fires again.</summary>
    private static IEnumerable<object[]> Story(DateTimeOffset now)
    {
        var (first, second, third) = (now.AddSeconds(-40), now.AddSeconds(-30), now.AddSeconds(-20));
        yield return [Firing("npa", first), Firing("mca", second)];
        yield return [Firing("wpa", third)];
        yield return [Resolved("npa", first, now.AddSeconds(-1))];
        yield return [Resolved("mca", second, now.AddSeconds(-1)), Resolved("wpa", third, now.AddSeconds(-1))];
        yield return [Firing("npa", now)];
    }

    private static object Firing(string agent, DateTimeOffset startsAt) => new
    {
        labels = Labels(agent),
        annotations = Annotations(agent),
        startsAt = Time(startsAt),
        generatorURL = "http://prometheus.example/graph?g0.expr=up",
    };

    private static object Resolved(string agent, DateTimeOffset startsAt, DateTimeOffset endsAt) => new
    {
        labels = Labels(agent),
        annotations = Annotations(agent),
        startsAt = Time(startsAt),
        endsAt = Time(endsAt),
        generatorURL = "http://prometheus.example/graph?g0.expr=up",
    };

    private static Dictionary<string, string> Labels(string agent) => new(StringComparer.Ordinal)
    {
        ["alertname"] = "AgentUnresponsive", ["severity"] = "critical", ["service"] = "context-agents", ["agent_type"] = agent, ["instance"] = $"{agent}:8090",
    };

    private static Dictionary<string, string> Annotations(string agent) => new(StringComparer.Ordinal)
    {
        ["summary"] = "Context agent is unresponsive", ["description"] = $"Agent {agent} <\"{agent}\" & others> is down",
        ["runbook_url"] = "https://docs.example/runbooks/agent-failure",
    };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> ConfigAsync(string folder, string name, LoopbackListener listener)
    {
        var file = Path.Combine(folder, $"{name}.yml");
        await File.WriteAllTextAsync(file, $$$"""
            route:
              group_by: ['alertname', 'severity', 'service']
              group_wait: 300ms
              group_interval: 700ms
              repeat_interval: 12h
              receiver: nobody
              routes:
              - match: {severity: critical}
                receiver: agents-critical
            receivers:
            - name: nobody
            - name: agents-critical
              webhook_configs:
              - url: 'http://{{{listener.Authority}}}/{{{name}}}/webhook'
              slack_configs:
              - api_url: 'http://{{{listener.Authority}}}/{{{name}}}/slack'
                channel: '#ai-agents-alerts'
                title: '🤖 AGENT CRITICAL 🤖'
                text: |
                  *Agent Alert: {{ .GroupLabels.alertname }}* {{ .Status | toUpper }} {{ .Alerts.Firing | len }}/{{ .Alerts.Resolved | len }}

                  {{ range .Alerts }}
                  {{ .Annotations.summary }}
                  {{ .Annotations.description }}
                  <{{ .Annotations.runbook_url }}|Runbook> {{ range .Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}
                  {{ end }}
                send_resolved: true
            """);
        return file;
    }

    /// <summary>The messages at a path, once there are as many as wanted; never more.</summary>
    private static async Task<List<string>> MessagesAsync(LoopbackListener listener, string path, int wanted)
    {
        List<string> messages = [];
        for (var attempt = 0; attempt < 400 && messages.Count < wanted; attempt++)
        {
            messages = [.. listener.Requests.Where(request => request.Path == path).Select(request => Canonical(request.Body))];
            await Task.Delay(25);
        }
        Assert.True(messages.Count == wanted, $"{path} has {messages.Count} messages and not {wanted}:\n{string.Join('\n', messages)}");
        return messages;
    }

    /// <summary>Indented, so that a difference is readable; the order of fields is part of the comparison only inside lists.</summary>
    private static string Canonical(string json)
    {
        var message = JsonNode.Parse(json)!.AsObject();
        foreach (var field in NewFields)
        {
            message.Remove(field);
        }
        return Sorted(message)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
