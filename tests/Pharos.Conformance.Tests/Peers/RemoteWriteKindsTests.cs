using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>The real executable scrapes native histograms and exemplars, and passes them on: by protocol 1.0 to a real Prometheus,
/// by 2.0 to another Pharos.</summary>
public sealed class RemoteWriteKindsTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Load = "{job=\"load\",region=\"north\"}";

    /// <summary>What the dashboards and alerts of Prometheus' own mixin ask for.</summary>
    private static readonly string[] Names =
    [
        "highest_timestamp_in_seconds", "queue_highest_timestamp_seconds", "queue_highest_sent_timestamp_seconds", "samples_in_total",
        "exemplars_in_total", "histograms_in_total", "samples_total", "exemplars_total", "histograms_total", "metadata_total",
        "samples_failed_total", "exemplars_failed_total", "histograms_failed_total", "metadata_failed_total", "samples_retried_total",
        "exemplars_retried_total", "histograms_retried_total", "metadata_retried_total", "samples_dropped_total", "enqueue_retries_total",
        "samples_pending", "exemplars_pending", "histograms_pending", "shards", "shards_max", "shards_min", "shards_desired",
        "shard_capacity", "max_samples_per_send", "bytes_total", "metadata_bytes_total", "sent_batch_duration_seconds_bucket",
    ];

    [Fact]
    public async Task Every_kind_arrives_by_either_protocol()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-write").FullName;
        try
        {
            var (sending, first, second) = (Address(), Address(), Address());
            await using var target = new HistogramTarget();
            await File.WriteAllTextAsync(Path.Combine(folder, "empty.yml"), "global: {}\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "sender.yml"), Config(target, first, second));
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(first, "/-/ready"), $"--config.file={folder}/empty.yml", $"--storage.tsdb.path={folder}/first",
                $"--web.listen-address={first.Authority}", "--web.enable-remote-write-receiver",
                "--enable-feature=native-histograms,exemplar-storage");
            await using var receiver = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(second, "/-/ready"), "serve", $"--config.file={folder}/empty.yml", $"--data={folder}/second",
                $"--web.listen-address={second.Authority}", "--web.enable-remote-write-receiver");
            await using var sender = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(sending, "/-/ready"), "serve", $"--config.file={folder}/sender.yml", $"--data={folder}/sender",
                $"--web.listen-address={sending.Authority}");
            using var from = new HttpClient { BaseAddress = sending };
            using var byFirst = new HttpClient { BaseAddress = first };
            using var bySecond = new HttpClient { BaseAddress = second };
            await StoredSamples.WaitAsync(() => Task.FromResult(target.Scrapes), scrapes => scrapes > 15);

            await ArriveAsync(from, byFirst, "__name__=~\"load_.*\"");
            await ArriveAsync(from, bySecond, "__name__=~\"load_.*\"");
            var exemplars = await ExemplarsAsync(from);
            Assert.InRange(exemplars.Count, 10, int.MaxValue);
            await AreThereAsync(exemplars, byFirst);
            await AreThereAsync(exemplars, bySecond);
            Assert.Contains(
                "\"load_seconds\":[{\"type\":\"histogram\",\"unit\":\"\",\"help\":\"How long load took.\"}]",
                await bySecond.GetStringAsync("/api/v1/metadata?metric=load_seconds"), StringComparison.Ordinal);
            using (var others = await StoredSamples.QueryAsync(bySecond, "count({job=\"load\",__name__!~\"load_.*\"})"))
            {
                Assert.Equal(0, others.RootElement.GetProperty("data").GetProperty("result").GetArrayLength());
            }
            await CheckMetricsAsync(from);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Config(HistogramTarget target, Uri first, Uri second) => $$"""
        global: {scrape_interval: 200ms, scrape_timeout: 200ms, scrape_native_histograms: true, external_labels: {region: north} }
        scrape_configs:
        - job_name: load
          static_configs: [{targets: ['{{target.Authority}}']}]
        remote_write:
        - url: {{first}}api/v1/write
          name: first
          send_exemplars: true
          send_native_histograms: true
          metadata_config: {send_interval: 1s}
          write_relabel_configs: [{source_labels: [__name__], regex: 'load_.*', action: keep}]
          queue_config: {batch_send_deadline: 200ms, min_shards: 2, max_shards: 3}
        - url: {{second}}api/v1/write
          name: second
          protobuf_message: io.prometheus.write.v2.Request
          send_exemplars: true
          send_native_histograms: true
          write_relabel_configs: [{source_labels: [__name__], regex: 'load_.*', action: keep}]
          queue_config: {batch_send_deadline: 200ms}
        """;

    /// <summary>The sender has the series without its external label.</summary>
    private static async Task ArriveAsync(HttpClient from, HttpClient to, string matcher)
    {
        var wanted = (await StoredSamples.ReadAsync(from, $"{{job=\"load\",{matcher}}}")).Select(line =>
            line.Replace("path=/x ", "path=/x,region=north ", StringComparison.Ordinal)).ToHashSet();
        Assert.Contains(wanted, line => line.Contains("buckets", StringComparison.Ordinal));
        Assert.InRange(wanted.Count, 30, int.MaxValue);
        await StoredSamples.WaitAsync(
            async () => string.Join('\n', wanted.Except(await StoredSamples.ReadAsync(to, Load)).Order()), missing => missing.Length == 0);
    }

    private static async Task AreThereAsync(HashSet<string> exemplars, HttpClient client) => await StoredSamples.WaitAsync(
        async () => string.Join('\n', exemplars.Except(await ExemplarsAsync(client)).Order()), missing => missing.Length == 0);

    private static async Task CheckMetricsAsync(HttpClient from)
    {
        var metrics = (await from.GetStringAsync("/metrics")).Split('\n');
        Assert.Equal([], Names.Where(name => !Array.Exists(metrics, line =>
            line.StartsWith($"prometheus_remote_storage_{name}{{", StringComparison.Ordinal)
            || line.StartsWith($"prometheus_remote_storage_{name} ", StringComparison.Ordinal))));
        Assert.Contains(metrics, line => line.StartsWith("prometheus_wal_watcher_current_segment{consumer=\"second\"", StringComparison.Ordinal));
        Assert.Equal([], metrics.Where(line => line.StartsWith("prometheus_remote_storage_", StringComparison.Ordinal)
            && line.Contains("_failed_total{", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)));
    }

    private static async Task<HashSet<string>> ExemplarsAsync(HttpClient client)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var json = JsonDocument.Parse(
            await client.GetStringAsync($"/api/v1/query_exemplars?query=load_total&start={now - 600}&end={now + 600}"));
        return [.. json.RootElement.GetProperty("data").EnumerateArray().SelectMany(series => series.GetProperty("exemplars").EnumerateArray())
            .Select(exemplar => $"{exemplar.GetProperty("labels").GetProperty("trace_id")} {exemplar.GetProperty("timestamp").GetRawText()}")];
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
