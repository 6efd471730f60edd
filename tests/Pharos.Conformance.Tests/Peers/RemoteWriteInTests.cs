using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Real senders of remote write, and the real executable as their receiver.</summary>
public sealed class RemoteWriteInTests : IDisposable
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Agent = "/usr/bin/vmagent";

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-remote-write-in").FullName;
    private readonly Uri _ours = Address();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Prometheus_sends_samples_histograms_exemplars_metadata_and_markers()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var theirs = Address();
        await using var target = new HistogramTarget();
        await File.WriteAllTextAsync(Path.Combine(_folder, "theirs.yml"), $$"""
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs:
            - job_name: load
              static_configs: [{targets: ['{{target.Authority}}']}]
            remote_write:
            - url: {{_ours}}api/v1/write
              send_exemplars: true
              send_native_histograms: true
              metadata_config: {send_interval: 1s}
              queue_config: {batch_send_deadline: 200ms, min_backoff: 50ms, max_backoff: 200ms, capacity: 20, max_samples_per_send: 10}
            """);
        var server = await StartAsync();
        await using var prometheus = await PeerProcess.ServeAsync(
            Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={_folder}/theirs.yml", $"--storage.tsdb.path={_folder}/theirs",
            $"--web.listen-address={theirs.Authority}", "--enable-feature=native-histograms,exemplar-storage");
        using var ours = new HttpClient { BaseAddress = _ours };
        using var sender = new HttpClient { BaseAddress = theirs };
        const string Load = "{job=\"load\"}";
        await StoredSamples.WaitAsync(() => Task.FromResult(target.Scrapes), scrapes => scrapes > 10);
        await StoredSamples.ArriveAsync(sender, ours, Load, least: 50);

        // What comes while nobody listens, and what had been acknowledged, is there after a kill.
        await server.DisposeAsync();
        var before = target.Scrapes;
        await StoredSamples.WaitAsync(() => Task.FromResult(target.Scrapes), scrapes => scrapes > before + 10);
        server = await StartAsync();
        await StoredSamples.ArriveAsync(sender, ours, Load, least: 100);
        using (var histograms = await StoredSamples.QueryAsync(ours, "histogram_count(load_seconds)"))
        {
            Assert.Equal(1, histograms.RootElement.GetProperty("data").GetProperty("result").GetArrayLength());
        }
        var exemplars = await ExemplarsAsync(sender);
        Assert.InRange(exemplars.Count, 10, int.MaxValue);
        await StoredSamples.WaitAsync(() => ExemplarsAsync(ours), exemplars.IsSubsetOf);
        var metadata = await StoredSamples.WaitAsync(
            () => ours.GetStringAsync("/api/v1/metadata?metric=load_seconds"), text => text.Contains("took", StringComparison.Ordinal));
        Assert.Contains("\"load_seconds\":[{\"type\":\"histogram\",\"unit\":\"\",\"help\":\"How long load took.\"}]", metadata, StringComparison.Ordinal);

        // The target goes, and the markers that say so come along.
        await target.DisposeAsync();
        await StoredSamples.WaitAsync(() => CountAsync(ours, "count(load_total) or count(load_seconds)"), count => count == 0);
        Assert.Equal(1, await CountAsync(ours, "up == 0"));
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_agent_of_VictoriaMetrics_sends_every_sample_over_an_outage()
    {
        PeerProcess.Need(Agent, PeerProcess.Pharos);
        var scrapes = 0L;
        await using var target = new LoopbackListener(_ => $"load_total {Interlocked.Increment(ref scrapes)}\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.yml"), $$"""
            global: {scrape_interval: 200ms}
            scrape_configs:
            - job_name: load
              static_configs: [{targets: ['{{target.Authority}}']}]
            """);
        var address = Address();
        var server = await StartAsync();
        await using var agent = await PeerProcess.ServeAsync(
            Agent, new Uri(address, "/health"), $"-promscrape.config={_folder}/agent.yml", $"-remoteWrite.url={_ours}api/v1/write",
            $"-remoteWrite.tmpDataPath={_folder}/agent", $"-httpListenAddr={address.Authority}", "-remoteWrite.flushInterval=100ms",
            "-remoteWrite.queues=1");
        await StoredSamples.WaitAsync(() => Task.FromResult(Interlocked.Read(ref scrapes)), count => count > 10);
        await server.DisposeAsync();
        await StoredSamples.WaitAsync(() => Task.FromResult(Interlocked.Read(ref scrapes)), count => count > 20);
        server = await StartAsync();
        var wanted = Interlocked.Read(ref scrapes);
        using var ours = new HttpClient { BaseAddress = _ours };
        // Each scrape's number is one more than that before: none is missing.
        await StoredSamples.WaitAsync(
            () => CountAsync(ours, $"count_over_time(load_total[1h]) == (max_over_time(load_total[1h]) >= {wanted})"), count => count == 1);
        await server.DisposeAsync();
    }

    private Task<PeerProcess> StartAsync() => PeerProcess.ServeAsync(
        PeerProcess.Pharos, new Uri(_ours, "/-/ready"), "serve", $"--config.file={ConfigFile()}", $"--data={_folder}/data",
        $"--web.listen-address={_ours.Authority}", "--web.enable-remote-write-receiver", "--enable-feature=exemplar-storage");

    private string ConfigFile()
    {
        var path = Path.Combine(_folder, "ours.yml");
        File.WriteAllText(path, "global: {}\n");
        return path;
    }

    private static async Task<int> CountAsync(HttpClient client, string query)
    {
        using var json = await StoredSamples.QueryAsync(client, query);
        return json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    private static async Task<HashSet<string>> ExemplarsAsync(HttpClient client)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var json = JsonDocument.Parse(
            await client.GetStringAsync($"/api/v1/query_exemplars?query=load_total&start={now - 600}&end={now + 600}"));
        return [.. json.RootElement.GetProperty("data").EnumerateArray().SelectMany(series => series.GetProperty("exemplars").EnumerateArray())
            .Select(exemplar => $"{exemplar.GetProperty("labels").GetProperty("trace_id")} {exemplar.GetProperty("value")} "
                + exemplar.GetProperty("timestamp").GetRawText())];
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
