using System.Text.Json;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Remote read both ways between real Prometheus and the real executable, and federation from it.</summary>
public sealed class RemoteReadTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const int Ticks = 300;

    /// <remarks>Each way by itself: two that read from one another would ask in circles.</remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_reads_what_the_other_keeps(bool pharosReads)
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-read").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            await WriteAsync(folder, "ours.yml", "ours", pharosReads ? theirs : null);
            await WriteAsync(folder, "theirs.yml", "theirs", pharosReads ? null : ours);
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/ours.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver");
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={folder}/theirs.yml", $"--storage.tsdb.path={folder}/theirs",
                $"--web.listen-address={theirs.Authority}", "--web.enable-remote-write-receiver");
            using var pharosClient = new HttpClient { BaseAddress = ours };
            using var prometheusClient = new HttpClient { BaseAddress = theirs };
            var (reader, keeper) = pharosReads ? (pharosClient, prometheusClient) : (prometheusClient, pharosClient);
            var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await RemoteWriteBody.PushAsync(keeper, Body("kept", end, from: 0, Ticks));
            await RemoteWriteBody.PushAsync(reader, Body("own", end, from: 0, Ticks));
            // Of one series each has a half, and a third of it both.
            await RemoteWriteBody.PushAsync(keeper, Body("shared", end, from: 0, 2 * Ticks / 3, pharosReads ? "theirs" : "ours"));
            await RemoteWriteBody.PushAsync(reader, Body("shared", end, from: Ticks / 3, Ticks, pharosReads ? "theirs" : "ours"));

            foreach (var metric in (string[])["kept", "own", "shared"])
            {
                var values = await ValuesAsync(reader, metric, end);
                Assert.Equal(2 * Ticks, values.Count);
                Assert.Equal(2 * Ticks, values.Distinct().Count());
                Assert.All(values, value => Assert.Equal(metric == "own" ? "-" : pharosReads ? "theirs" : "ours", value.Owner));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_remote_store_that_does_not_answer_is_a_warning()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-read").FullName;
        try
        {
            var ours = Address();
            await WriteAsync(folder, "ours.yml", "ours", Address());
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/ours.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver");
            using var client = new HttpClient { BaseAddress = ours };
            var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await RemoteWriteBody.PushAsync(client, Body("kept", end, from: 0, Ticks));
            using var json = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query=kept&time={end}"));
            Assert.Equal(2, json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength());
            Assert.Contains("remote_read", json.RootElement.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Prometheus_federates_from_pharos()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-federation").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            await File.WriteAllTextAsync(Path.Combine(folder, "ours.yml"), "global: {external_labels: {owner: ours}}\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "theirs.yml"), $$"""
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs:
                - job_name: federate
                  honor_labels: true
                  metrics_path: /federate
                  params: {'match[]': ['{__name__="kept"}']}
                  static_configs: [{targets: ['{{ours.Authority}}']}]
                """);
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/ours.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver");
            using var client = new HttpClient { BaseAddress = ours };
            await RemoteWriteBody.PushAsync(client, Body("kept", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), from: 0, Ticks));
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={folder}/theirs.yml", $"--storage.tsdb.path={folder}/theirs",
                $"--web.listen-address={theirs.Authority}");
            using var prometheusClient = new HttpClient { BaseAddress = theirs };
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var found = 0;
            while (found < 2)
            {
                await Task.Delay(100, limit.Token);
                using var json = JsonDocument.Parse(await prometheusClient.GetStringAsync("/api/v1/query?query=kept%7Bowner%3D%22ours%22%7D"));
                found = json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task WriteAsync(string folder, string name, string owner, Uri? remote) => File.WriteAllTextAsync(
        Path.Combine(folder, name), $"global: {{external_labels: {{owner: {owner}}}}}\n" + (remote is null ? "" : $$"""
            remote_read:
            - url: {{remote}}api/v1/read
              read_recent: true
              filter_external_labels: false
            """));

    private static byte[] Body(string metric, long endSeconds, int from, int to, string? owner = null) =>
        RemoteWriteBody.Create(Enumerable.Range(0, 2).Select(i => (
            LabelSet.From((Label.MetricName, metric), ("owner", owner ?? ""), ("series", $"{i}")),
            (IReadOnlyList<(long, double)>)[.. Enumerable.Range(from, to - from).Select(tick => (
                (endSeconds - Ticks + 1 + tick) * 1000, (tick * 1.5) + i))])));

    private static async Task<List<(long TimeMs, string Value, string Owner)>> ValuesAsync(HttpClient client, string metric, long endSeconds)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query={metric}[{Ticks}s]&time={endSeconds}"));
        Assert.False(json.RootElement.TryGetProperty("warnings", out var warnings), $"{client.BaseAddress}: {warnings}");
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(series =>
            series.GetProperty("values").EnumerateArray().Select(pair => (
                (long)Math.Round(pair[0].GetDouble() * 1000), pair[1].GetString()!,
                series.GetProperty("metric").TryGetProperty("owner", out var owner) ? owner.GetString()! : "-")))];
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
