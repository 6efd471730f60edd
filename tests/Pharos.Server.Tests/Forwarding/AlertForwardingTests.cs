using System.Text.Json;
using Pharos.Server.Tests.Api;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Forwarding;

/// <summary>A whole server that evaluates a rule and sends its alerts on.</summary>
public sealed class AlertForwardingTests
{
    private const string Rules = "groups: [{name: g, interval: 50ms, rules: [{alert: A, expr: 'm > 0', labels: {team: x}, annotations: {text: 'is {{ $value }}'}}]}]\n";

    [Fact]
    public async Task Firing_and_resolved_alerts_arrive_with_the_labels_of_every_rule_of_relabeling()
    {
        await using var sink = new WebhookSink();
        await using var server = await StartAsync($$"""
            global:
              external_labels: {region: eu, replica: a}
            rule_files: [rules.yml]
            alerting:
              alert_relabel_configs: [{action: labeldrop, regex: replica}]
              alertmanagers:
                - path_prefix: /am
                  static_configs: [{targets: ['{{new Uri(sink.Url).Authority}}', 'dropped:9093']}]
                  relabel_configs: [{source_labels: [__address__], regex: dropped.*, action: drop}]
                  alert_relabel_configs: [{target_label: by, replacement: pharos}]
            """);
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 7, ("__name__", "m"), ("i", "1"));
        var firing = await NextAsync(sink);
        Assert.Equal(
            """{"alertname":"A","by":"pharos","i":"1","region":"eu","team":"x"}""", firing.GetProperty("labels").GetRawText());
        Assert.Equal("is 7", firing.GetProperty("annotations").GetProperty("text").GetString());
        Assert.Equal(
            $"{server.Server.BaseAddress}graph?g0.expr=m+%3E+0&g0.tab=1", firing.GetProperty("generatorURL").GetString());
        Assert.Equal(TimeSpan.FromMinutes(4), End(firing) - Start(firing));
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 0, ("__name__", "m"), ("i", "1"));
        var resolved = await NextAsync(sink);
        Assert.Equal(Start(firing), Start(resolved));
        Assert.InRange(End(resolved), Start(firing), DateTimeOffset.UtcNow);

        var known = (await server.JsonAsync("/api/v1/alertmanagers")).GetProperty("data").GetRawText();
        Assert.Equal(
            $$"""{"activeAlertmanagers":[{"url":"{{sink.Url}}am/api/v2/alerts"}],"droppedAlertmanagers":[{"url":"http://dropped:9093/am/api/v2/alerts"}]}""",
            known);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains($"\nprometheus_notifications_sent_total{{alertmanager=\"{sink.Url}am/api/v2/alerts\"}} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nprometheus_notifications_alertmanagers_discovered 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nprometheus_sd_discovered_targets{config=\"config-0\",name=\"notify\"} 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nprometheus_notifications_queue_capacity 10000\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_firing_alert_is_sent_again_after_the_resend_delay()
    {
        await using var sink = new WebhookSink();
        await using var server = await StartAsync(
            $"rule_files: [rules.yml]\nalerting: {{alertmanagers: [{{static_configs: [{{targets: ['{new Uri(sink.Url).Authority}']}}]}}]}}\n",
            TimeSpan.FromMilliseconds(300));
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 7, ("__name__", "m"));
        var first = await NextAsync(sink);
        var second = await NextAsync(sink);
        Assert.Equal(Start(first), Start(second));
        Assert.InRange((End(second) - End(first)).TotalMilliseconds, 300, 10_000);
    }

    [Fact]
    public async Task A_server_that_names_itself_takes_its_own_alerts_once()
    {
        await using var server = await StartAsync("rule_files: [rules.yml]\n");
        await File.WriteAllTextAsync(
            Path.Combine(server.Folder, "prometheus.yml"),
            $"rule_files: [rules.yml]\nalerting: {{alertmanagers: [{{static_configs: [{{targets: ['{server.Server.BaseAddress.Authority}']}}]}}]}}\n");
        Assert.Empty(await server.Server.ReloadAsync(CancellationToken.None));
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 7, ("__name__", "m"));
        string metrics;
        do
        {
            await Task.Delay(20);
            metrics = (await server.GetAsync("/metrics")).Body;
        }
        while (!metrics.Contains("/api/v2/alerts\"} 1\n", StringComparison.Ordinal));
        Assert.Contains("\nalertmanager_alerts_received_total{status=\"firing\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Targets_of_a_file_are_taken_up_and_a_reload_keeps_them()
    {
        await using var sink = new WebhookSink();
        var folder = RunningServer.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "targets.yml"), $"- targets: ['{new Uri(sink.Url).Authority}']\n");
        const string Config = "alerting: {alertmanagers: [{file_sd_configs: [{files: [targets.yml]}]}]}\n";
        await using var server = await StartAsync(Config, folder: folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "rule_files: [rules.yml]\n" + Config);
        var queue = Assert.Single(server.Server.Parts.Forwarder.Queues);
        Assert.Empty(await server.Server.ReloadAsync(CancellationToken.None));
        Assert.Same(queue, Assert.Single(server.Server.Parts.Forwarder.Queues));
        server.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 7, ("__name__", "m"));
        Assert.Equal("A", (await NextAsync(sink)).GetProperty("labels").GetProperty("alertname").GetString());
    }

    private static async Task<JsonElement> NextAsync(WebhookSink sink) => Assert.Single((await sink.NextAsync()).EnumerateArray());

    private static DateTimeOffset Start(JsonElement alert) => alert.GetProperty("startsAt").GetDateTimeOffset();

    private static DateTimeOffset End(JsonElement alert) => alert.GetProperty("endsAt").GetDateTimeOffset();

    private static async Task<RunningServer> StartAsync(string config, TimeSpan? resend = null, string? folder = null)
    {
        folder ??= RunningServer.NewFolder();
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), config);
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), Rules);
        return await RunningServer.StartAsync(folder, options => options with
        {
            ConfigFile = Path.Combine(folder, "prometheus.yml"),
            AlertResendDelay = resend ?? TimeSpan.FromMinutes(1),
        });
    }
}
