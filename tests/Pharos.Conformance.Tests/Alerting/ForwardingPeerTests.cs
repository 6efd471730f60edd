using System.Globalization;
using System.Text.Json.Nodes;
using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>The real executable of Pharos in the place of a Prometheus: its rules' alerts go to a real Alertmanager, which tells a webhook.</summary>
public sealed class ForwardingPeerTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    [Fact]
    public async Task Alerts_reach_a_real_alertmanager_also_after_it_was_away()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-forwarding").FullName;
        await using var sink = new WebhookSink();
        try
        {
            var (peerAt, oursAt) = (Address(), Address());
            var end = DateTimeOffset.UtcNow.AddSeconds(12);
            await WriteAsync(folder, sink, peerAt, end);
            await using var ours = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(oursAt, "/-/ready"), "serve", $"--config.file={folder}/prometheus.yml", $"--data={folder}/data",
                $"--web.listen-address={oursAt.Authority}", "--rules.alert.resend-delay=1s");
            // It was not there when the alert began; the next sending finds it.
            await using (var peer = await StartAsync(folder, peerAt))
            {
                var firing = await NextAsync(sink, 1);
                Assert.Equal("firing", (string?)firing["status"]);
                var alert = firing["alerts"]![0]!;
                Assert.Equal("""{"alertname":"Late","region":"eu"}""", alert["labels"]!.ToJsonString());
                Assert.Equal($"{oursAt}graph?g0.expr=vector%28time%28%29%29+%3C+{end.ToUnixTimeSeconds()}&g0.tab=1", (string?)alert["generatorURL"]);
                Assert.InRange(DateTimeOffset.Parse((string)alert["startsAt"]!, CultureInfo.InvariantCulture), end.AddSeconds(-12), end);
                await peer.KillAsync();
            }
            await using var again = await StartAsync(folder, peerAt);
            while (DateTimeOffset.UtcNow < end.AddSeconds(10) && (string?)sink.Taken.Last().Message["status"] != "resolved")
            {
                await Task.Delay(50);
            }
            var last = sink.Taken.Last().Message;
            Assert.Equal("resolved", (string?)last["status"]);
            Assert.InRange(
                DateTimeOffset.Parse((string)last["alerts"]![0]!["endsAt"]!, CultureInfo.InvariantCulture), end.AddSeconds(-1), end.AddSeconds(3));
            using var client = new HttpClient { BaseAddress = oursAt };
            var known = JsonNode.Parse(await client.GetStringAsync("/api/v1/alertmanagers"))!["data"]!.ToJsonString();
            Assert.Equal($$"""{"activeAlertmanagers":[{"url":"{{peerAt}}am/api/v2/alerts"}],"droppedAlertmanagers":[]}""", known);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<PeerProcess> StartAsync(string folder, Uri at) => PeerProcess.ServeAsync(
        Alertmanager, new Uri(at, "/am/-/ready"), $"--config.file={folder}/alertmanager.yml", $"--storage.path={folder}/am",
        $"--web.listen-address={at.Authority}", "--cluster.listen-address=", $"--web.external-url={at}am/");

    private static async Task WriteAsync(string folder, WebhookSink sink, Uri peerAt, DateTimeOffset end)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "alertmanager.yml"),
            $"route: {{receiver: hook, group_wait: 0s, group_interval: 1s}}\nreceivers: [{{name: hook, webhook_configs: [{{url: 'http://{sink.Authority}/'}}]}}]\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), $$"""
            groups:
              - name: g
                interval: 200ms
                rules:
                  - alert: Late
                    expr: vector(time()) < {{end.ToUnixTimeSeconds()}}
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $$"""
            global:
              external_labels: {region: eu}
            rule_files: [rules.yml]
            alerting:
              alertmanagers:
                - path_prefix: /am/
                  timeout: 2s
                  static_configs: [{targets: ['{{peerAt.Authority}}']}]
            """);
    }

    private static async Task<JsonNode> NextAsync(WebhookSink sink, int count)
    {
        var deadline = DateTimeOffset.UtcNow.AddSeconds(15);
        while (sink.Taken.Count < count)
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, "no notification came");
            await Task.Delay(25);
        }
        return sink.Taken.ElementAt(count - 1).Message;
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
