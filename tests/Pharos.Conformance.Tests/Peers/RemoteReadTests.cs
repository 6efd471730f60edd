using System.Text.Json;
using Pharos.Collection.Protobuf;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Remote read both ways between real Prometheus and the real executable, and federation from it.</summary>
public sealed class RemoteReadTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const int Ticks = 300;

    /// <remarks>Each way by itself: two that read from one another would ask in circles.</remarks>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task One_reads_what_the_other_keeps(bool pharosReads, bool asSamples)
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-read").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            await using var proxy = new FlakyProxy(pharosReads ? theirs : ours) { Rewrite = asSamples ? OnlySamples : body => body };
            await WriteAsync(folder, "ours.yml", "ours", pharosReads ? proxy.Address : null);
            await WriteAsync(folder, "theirs.yml", "theirs", pharosReads ? null : proxy.Address);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prometheus_federates_from_pharos(bool withHistograms)
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
                  params: {'match[]': ['{__name__="kept"}', '{__name__="spread"}']}
                  static_configs: [{targets: ['{{ours.Authority}}']}]
                """);
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/ours.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver");
            using var client = new HttpClient { BaseAddress = ours };
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await RemoteWriteBody.PushAsync(client, Body("kept", now, from: 0, Ticks));
            await RemoteWriteBody.PushAsync(client, RemoteWriteBody.Create(
                LabelSet.From((Label.MetricName, "spread"), ("instance", "one")), [(now * 1000, RemoteReadWireTests.Histogram(3))]));
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), [$"--config.file={folder}/theirs.yml", $"--storage.tsdb.path={folder}/theirs",
                    $"--web.listen-address={theirs.Authority}", .. withHistograms ? ["--enable-feature=native-histograms"] : (string[])[]]);
            using var prometheusClient = new HttpClient { BaseAddress = theirs };
            // Our own instance stays, and where a series has none, that of the scrape is not added.
            await StoredSamples.WaitAsync(() => CountAsync(prometheusClient, "kept{owner=\"ours\",instance=\"\",job=\"federate\"}"), count => count == 2);
            await StoredSamples.WaitAsync(
                () => CountAsync(prometheusClient, "histogram_count(spread{owner=\"ours\",instance=\"one\"}) == 8"),
                count => count == (withHistograms ? 1 : 0));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A store is asked only where the selector has what it requires, our own external labels are asked for and taken
    /// away again, and what the local store holds completely is not asked for.</summary>
    [Fact]
    public async Task What_is_configured_decides_what_is_asked()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-read").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await File.WriteAllTextAsync(
                Path.Combine(folder, "old.om"), $"# TYPE old gauge\nold 1 {now - 36_000}\nold 2 {now - 35_900}\n# EOF\n");
            var (imported, output) = await PeerProcess.RunAsync(PeerProcess.Pharos, "tsdb", "import", $"{folder}/old.om", "--data", $"{folder}/ours");
            Assert.True(imported == 0, output);
            await WriteAsync(folder, "theirs.yml", "same", null);
            await File.WriteAllTextAsync(Path.Combine(folder, "ours.yml"), $$"""
                global: {external_labels: {owner: same} }
                remote_read:
                - {url: {{theirs}}api/v1/read, name: recent, read_recent: true, required_matchers: {tier: gold} }
                - {url: {{theirs}}api/v1/read, name: older, required_matchers: {tier: silver} }
                """);
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={folder}/theirs.yml", $"--storage.tsdb.path={folder}/theirs",
                $"--web.listen-address={theirs.Authority}", "--web.enable-remote-write-receiver");
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/ours.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}");
            using var keeper = new HttpClient { BaseAddress = theirs };
            using var reader = new HttpClient { BaseAddress = ours };
            await RemoteWriteBody.PushAsync(keeper, RemoteWriteBody.Create(((string[])["gold", "silver"]).Select(tier => (
                LabelSet.From((Label.MetricName, "kept"), ("tier", tier)),
                (IReadOnlyList<(long, double)>)[((now - 28_800) * 1000, 1), (now * 1000, 2)]))));

            Assert.Equal(0, await CountAsync(reader, $"kept@{now}"));
            Assert.Equal(0, await CountAsync(reader, $"kept{{tier=~\"gold\"}}@{now}"));
            Assert.Equal(1, await CountAsync(reader, $"kept{{tier=\"gold\",owner=\"\"}}@{now}"));
            Assert.Equal(1, await CountAsync(reader, $"kept{{tier=\"gold\",owner=\"same\"}}@{now}"));
            Assert.Equal(0, await CountAsync(reader, $"kept{{tier=\"gold\",owner=\"other\"}}@{now}"));
            Assert.Equal(0, await CountAsync(reader, $"kept{{tier=\"silver\"}}@{now}"));
            Assert.Equal(1, await CountAsync(reader, $"kept{{tier=\"silver\"}}@{now - 28_800}"));
            using var json = await StoredSamples.QueryAsync(reader, $"kept{{tier=\"gold\"}}@{now}");
            Assert.Equal(
                """{"__name__":"kept","tier":"gold"}""", json.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("metric").GetRawText());
            var metrics = await reader.GetStringAsync("/metrics");
            Assert.Contains("prometheus_remote_read_client_queries_total{", metrics, StringComparison.Ordinal);
            Assert.Contains("response_type=\"chunked\"", metrics, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> CountAsync(HttpClient client, string query)
    {
        using var json = await StoredSamples.QueryAsync(client, query);
        return json.RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    private static Task WriteAsync(string folder, string name, string owner, Uri? remote) => File.WriteAllTextAsync(
        Path.Combine(folder, name), $"global: {{external_labels: {{owner: {owner}}}}}\n" + (remote is null ? "" : $$"""
            remote_read:
            - url: {{remote}}api/v1/read
              read_recent: true
              filter_external_labels: false
            """));

    /// <summary>The request of a reader that takes no chunks: its field 2 names what is accepted.</summary>
    private static byte[] OnlySamples(byte[] body)
    {
        var fields = new ProtobufReader(Snappy.DecompressToArray(body));
        var request = new ProtobufWriter();
        while (fields.Next(out var field))
        {
            if (field == 1)
            {
                request.Bytes(1, fields.Bytes());
            }
            else
            {
                fields.Skip();
            }
        }
        return Snappy.CompressToArray(request.Written);
    }

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
