using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Pharos.Conformance.Tests.Peers;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>The names and labels of the metrics that a real Alertmanager shows, and that dashboards and alerts about it ask for.</summary>
public sealed partial class MetricNamesTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";

    /// <summary>What Pharos does not do: gossip between peers, snapshots, and collections that would take time enough to be timed.</summary>
    private static readonly string[] Missing =
    [
        "alertmanager_cluster_", "alertmanager_oversize", "alertmanager_build_info", "alertmanager_http_response_size_bytes",
        "alertmanager_nflog_snapshot_duration", "alertmanager_silences_snapshot_duration", "alertmanager_nflog_gc_duration",
        "alertmanager_silences_gc_duration", "alertmanager_nflog_query_duration", "alertmanager_silences_query_duration",
    ];

    /// <summary>Labels that only one of the two has: Alertmanager had two API versions, and newer ones tell reasons.</summary>
    private static readonly string[] OtherLabels = ["version", "reason", "le", "quantile"];

    [Fact]
    public async Task All_that_Alertmanager_shows_is_shown_with_its_labels()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-alertmanager-metrics").FullName;
        await using var sink = new WebhookSink();
        try
        {
            var file = Path.Combine(folder, "alertmanager.yml");
            await File.WriteAllTextAsync(file, $$"""
                route: {receiver: r, group_wait: 0s}
                receivers: [{name: r, webhook_configs: [{url: 'http://{{sink.Authority}}/'}]}]
                """, TestContext.Current.CancellationToken);
            var (theirAddress, ourAddress) = (new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}"), new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}"));
            await using var peer = await PeerProcess.ServeAsync(Alertmanager, new Uri(theirAddress, "/-/ready"), $"--config.file={file}",
                $"--storage.path={folder}/peer", $"--web.listen-address={theirAddress.Authority}", "--cluster.listen-address=");
            await using var ours = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri(ourAddress, "/-/ready"), "serve",
                $"--alertmanager.config.file={file}", $"--data={folder}/ours", $"--web.listen-address={ourAddress.Authority}");
            // A histogram of ours is shown once it has something in it.
            await NotifyAsync(theirAddress, sink, 1);
            await NotifyAsync(ourAddress, sink, 2);
            var shown = await NamesAsync(ourAddress);
            var missing = (await NamesAsync(theirAddress)).Where(name => !Array.Exists(Missing, prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
            Assert.Empty(missing.Except(shown));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task NotifyAsync(Uri address, WebhookSink sink, int count)
    {
        using var client = new HttpClient { BaseAddress = address };
        (await client.PostAsJsonAsync("/api/v2/alerts", new[] { new { labels = new { alertname = "A" } } })).EnsureSuccessStatusCode();
        for (var attempt = 0; attempt < 400 && sink.Taken.Count < count; attempt++)
        {
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
        Assert.Equal(count, sink.Taken.Count);
        // The answer has to reach the sender, too.
        await Task.Delay(200, TestContext.Current.CancellationToken);
    }

    /// <summary>Each as <c>name{label,label}</c>; of integrations only the configured one.</summary>
    private static async Task<HashSet<string>> NamesAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        // A request about alerts, and one of the metrics, so that both are among the requests that are shown.
        _ = await client.GetStringAsync("/api/v2/alerts");
        _ = await client.GetStringAsync("/metrics");
        return [.. (await client.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith("alertmanager_", StringComparison.Ordinal))
            .Where(line => !line.Contains("integration=\"", StringComparison.Ordinal) || line.Contains("integration=\"webhook\"", StringComparison.Ordinal))
            .Select(line => $"{Name().Match(line).Value}{{{string.Join(',', LabelName().Matches(line).Select(match => match.Groups[1].Value)
                .Except(OtherLabels).Order(StringComparer.Ordinal))}}}")];
    }

    [GeneratedRegex("^[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex LabelName();
}
