using System.Globalization;
using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers.Clients;

/// <summary>A real Prometheus and a real vmalert with Pharos as their Alertmanager, at the root and below a prefix: what they say comes
/// out at a webhook, firing and resolved.</summary>
public sealed class AlertSendersTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Vmalert = "/usr/bin/vmalert";

    [Fact]
    public async Task What_prometheus_and_vmalert_send_reaches_the_webhook()
    {
        PeerProcess.Need(Prometheus, Vmalert, PeerProcess.Pharos);
        await Task.WhenAll(TellAsync(""), TellAsync("/alerts/here"));
    }

    private static async Task TellAsync(string prefix)
    {
        await using var webhook = new LoopbackListener(_ => "ok");
        await using var pharos = await ServedPharos.StartAsync(
            "global: {}\n",
            $$"""
            route: {receiver: hook, group_by: [sender], group_wait: 0s, group_interval: 300ms}
            receivers:
            - name: hook
              webhook_configs: [{url: 'http://{{webhook.Authority}}/'}]
            """,
            prefix.Length > 0 ? [$"--web.route-prefix={prefix}"] : []);
        var end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddSeconds(17).ToUnixTimeSeconds());
        await File.WriteAllTextAsync(Path.Combine(pharos.Folder, "sent.rules"), $$"""
            groups:
            - name: sent
              interval: 1s
              rules:
              - alert: Soon
                expr: vector(time()) < {{end.ToUnixTimeSeconds()}}
                labels: {severity: page}
                annotations: {summary: "until {{end.ToUnixTimeSeconds()}}"}
            """);
        await using (await PrometheusAsync(pharos, prefix))
        await using (await VmalertAsync(pharos, prefix))
        {
            await CheckAsync(webhook, "prometheus", end, "{\"alertname\":\"Soon\",\"sender\":\"prometheus\",\"severity\":\"page\"}",
                "http://prometheus.example/graph?g0.expr=vector%28time%28%29%29+%3C+");
            await CheckAsync(webhook, "vmalert", end, "{\"alertgroup\":\"sent\",\"alertname\":\"Soon\",\"sender\":\"vmalert\",\"severity\":\"page\"}",
                "http://vmalert.example/vmalert/");
        }
    }

    private static async Task<PeerProcess> PrometheusAsync(ServedPharos pharos, string prefix)
    {
        var config = Path.Combine(pharos.Folder, "sender.yml");
        await File.WriteAllTextAsync(config, $$"""
            global:
              external_labels: {sender: prometheus}
            rule_files: [sent.rules]
            alerting:
              alertmanagers:
              - path_prefix: '{{prefix}}'
                static_configs: [{targets: ['{{pharos.Address.Authority}}']}]
            """);
        var at = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        return await PeerProcess.ServeAsync(
            Prometheus, new Uri(at, "/-/ready"), $"--config.file={config}", $"--storage.tsdb.path={pharos.Folder}/sender",
            $"--web.listen-address={at.Authority}",
            // It knows its Alertmanagers only after five seconds, and what it says before is lost.
            "--web.external-url=http://prometheus.example/", "--rules.alert.resend-delay=1s");
    }

    private static Task<PeerProcess> VmalertAsync(ServedPharos pharos, string prefix)
    {
        var at = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        return PeerProcess.ServeAsync(
            Vmalert, new Uri(at, "/health"), $"-rule={pharos.Folder}/sent.rules", $"-httpListenAddr={at.Authority}",
            $"-datasource.url={pharos.Address.GetLeftPart(UriPartial.Authority)}{prefix}", $"-notifier.url={pharos.Address.GetLeftPart(UriPartial.Authority)}{prefix}",
            "-external.label=sender=vmalert", "-external.url=http://vmalert.example");
    }

    private static async Task CheckAsync(LoopbackListener webhook, string sender, DateTimeOffset end, string labels, string link)
    {
        var told = await ServedPharos.EventuallyAsync(
            () => Task.FromResult(Alerts(webhook, sender)), alerts => alerts.Count > 0 && Text(alerts[^1], "status") == "resolved");
        Assert.Equal(["firing", "resolved"], told.Select(alert => Text(alert, "status")).Distinct());
        foreach (var alert in told)
        {
            Assert.Equal(labels, alert.GetProperty("labels").GetRawText());
            Assert.Equal($"until {end.ToUnixTimeSeconds()}", alert.GetProperty("annotations").GetProperty("summary").GetString());
            Assert.StartsWith(link, Text(alert, "generatorURL"), StringComparison.Ordinal);
            Assert.Equal(Text(told[0], "startsAt"), Text(alert, "startsAt"));
            Assert.Equal(Text(told[0], "fingerprint"), Text(alert, "fingerprint"));
        }
        Assert.Equal("0001-01-01T00:00:00Z", Text(told[0], "endsAt"));
        Assert.InRange(DateTimeOffset.Parse(Text(told[0], "startsAt"), CultureInfo.InvariantCulture), end.AddSeconds(-18), end);
        Assert.InRange(DateTimeOffset.Parse(Text(told[^1], "endsAt"), CultureInfo.InvariantCulture), end, end.AddSeconds(4));
    }

    /// <summary>Of every message of a sender the one alert that it holds.</summary>
    private static List<JsonElement> Alerts(LoopbackListener webhook, string sender) =>
        [.. webhook.Requests.Select(request => JsonDocument.Parse(request.Body).RootElement)
            .Where(message => Text(message.GetProperty("groupLabels"), "sender") == sender)
            .Select(message => Assert.Single(message.GetProperty("alerts").EnumerateArray()))];

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;
}
