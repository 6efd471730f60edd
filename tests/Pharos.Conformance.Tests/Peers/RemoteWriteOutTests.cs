using System.Globalization;
using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>The real executable scrapes and sends on to real receivers, while they fail, hang, and while it is itself killed:
/// in the end the receiver has every sample that Pharos has.</summary>
public sealed class RemoteWriteOutTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string VictoriaMetrics = "/usr/bin/victoria-metrics";
    private const string Series = "{__name__=~\"load_total|load_up\"}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private long _scrapes;

    [Fact]
    public async Task Prometheus_gets_every_sample_over_outages_and_kills()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-write").FullName;
        var receiver = Address();
        await File.WriteAllTextAsync(Path.Combine(folder, "receiver.yml"), "global: {}\n");
        await using var peer = await PeerProcess.ServeAsync(
            Prometheus, new Uri(receiver, "/-/ready"), $"--config.file={folder}/receiver.yml", $"--storage.tsdb.path={folder}/receiver",
            $"--web.listen-address={receiver.Authority}", "--web.enable-remote-write-receiver");
        await RunAsync(folder, receiver, "/api/v1/write", RawAsync);
    }

    [Fact]
    public async Task VictoriaMetrics_gets_every_sample_over_outages_and_kills()
    {
        PeerProcess.Need(VictoriaMetrics, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-write").FullName;
        var receiver = Address();
        await using var peer = await PeerProcess.ServeAsync(
            VictoriaMetrics, new Uri(receiver, "/health"), $"-storageDataPath={folder}/receiver", $"-httpListenAddr={receiver.Authority}");
        await RunAsync(folder, receiver, "/api/v1/write", ExportAsync);
    }

    private async Task RunAsync(string folder, Uri receiver, string path, Func<HttpClient, Task<HashSet<(string, long, double)>>> read)
    {
        await using var proxy = new FlakyProxy(receiver);
        await using var target = new LoopbackListener(_ => $"load_total {Interlocked.Increment(ref _scrapes)}\nload_up 1\n");
        var config = Path.Combine(folder, "prometheus.yml");
        await WriteConfigAsync(config, target, new Uri(proxy.Address, path), shards: 1);
        var address = Address();
        using var ours = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
        using var theirs = new HttpClient { BaseAddress = receiver, Timeout = TimeSpan.FromSeconds(20) };
        try
        {
            var server = await StartAsync(config, folder, address);
            await ScrapesAsync(10);
            foreach (var outage in (int[])[503, -1])
            {
                proxy.Outage = outage;
                await ScrapesAsync(15);
                proxy.Outage = 0;
                await ScrapesAsync(5);
                proxy.Outage = outage;
                await ScrapesAsync(5);
                await server.DisposeAsync();
                proxy.Outage = 0;
                server = await StartAsync(config, folder, address);
                await ScrapesAsync(5);
            }
            // Other options, of which nothing may get lost either.
            await WriteConfigAsync(config, target, new Uri(proxy.Address, path), shards: 3);
            using (await ours.PostAsync("/-/reload", null))
            {
                await ScrapesAsync(10);
            }
            await AllArriveAsync(ours, theirs, read);
            await server.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<PeerProcess> StartAsync(string config, string folder, Uri address) => PeerProcess.ServeAsync(
        PeerProcess.Pharos, new Uri(address, "/-/ready"), "serve", $"--config.file={config}", $"--data={folder}/data",
        $"--web.listen-address={address.Authority}", "--web.enable-lifecycle");

    private static Task WriteConfigAsync(string path, LoopbackListener target, Uri url, int shards) => File.WriteAllTextAsync(path, $$"""
        global: {scrape_interval: 100ms, scrape_timeout: 100ms}
        scrape_configs:
        - job_name: load
          static_configs: [{targets: ['{{target.Authority}}']}]
        remote_write:
        - url: {{url}}
          remote_timeout: 1s
          write_relabel_configs: [{source_labels: [__name__], regex: 'load_.*', action: keep}]
          metadata_config: {send: false}
          queue_config: {min_shards: {{shards}}, max_shards: 4, batch_send_deadline: 200ms, capacity: 20, max_samples_per_send: 10}
        """);

    private async Task ScrapesAsync(int count)
    {
        var until = Interlocked.Read(ref _scrapes) + count;
        while (Interlocked.Read(ref _scrapes) < until)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>What is scraped meanwhile may still be on its way: it is what was there when the wait began that must arrive.</summary>
    private static async Task AllArriveAsync(HttpClient ours, HttpClient theirs, Func<HttpClient, Task<HashSet<(string, long, double)>>> read)
    {
        var wanted = await RawAsync(ours);
        Assert.InRange(wanted.Count, 100, int.MaxValue);
        using var limit = new CancellationTokenSource(Patience);
        List<(string, long, double)> missing;
        HashSet<(string, long, double)> there;
        do
        {
            await Task.Delay(200, CancellationToken.None);
            there = await read(theirs);
            missing = [.. wanted.Where(sample => !there.Contains(sample))];
        }
        while (missing.Count > 0 && !limit.IsCancellationRequested);
        Assert.True(missing.Count == 0, $"{missing.Count} of {wanted.Count} samples did not arrive, the first: {string.Join("; ", missing.Take(3))}");
        var all = await RawAsync(ours);
        Assert.DoesNotContain(there, sample => !all.Contains(sample));
    }

    private static async Task<HashSet<(string, long, double)>> RawAsync(HttpClient client)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(Series + "[1h]")}"));
        var samples = new HashSet<(string, long, double)>();
        foreach (var series in json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            foreach (var pair in series.GetProperty("values").EnumerateArray())
            {
                samples.Add((
                    series.GetProperty("metric").GetProperty("__name__").GetString()!, (long)Math.Round(pair[0].GetDouble() * 1000),
                    double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture)));
            }
        }
        return samples;
    }

    private static async Task<HashSet<(string, long, double)>> ExportAsync(HttpClient client)
    {
        var samples = new HashSet<(string, long, double)>();
        using var _ = await client.GetAsync("/internal/force_flush");
        var lines = await client.GetStringAsync($"/api/v1/export?match[]={Uri.EscapeDataString(Series)}");
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            var name = json.RootElement.GetProperty("metric").GetProperty("__name__").GetString()!;
            var times = json.RootElement.GetProperty("timestamps").EnumerateArray().Select(time => time.GetInt64());
            var values = json.RootElement.GetProperty("values").EnumerateArray()
                .Select(value => value.ValueKind is JsonValueKind.Number ? value.GetDouble() : double.NaN);
            // The markers of scrapes that failed: only this export shows them.
            samples.UnionWith(times.Zip(values, (time, value) => (name, time, value)).Where(sample => !double.IsNaN(sample.value)));
        }
        return samples;
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
