using System.Globalization;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>What only a log holds, of a real Prometheus that was killed: native histograms of every kind and late samples.
/// They are imported, exported, and read by Prometheus as if it had written them.</summary>
public sealed class HistogramFolderTests : IDisposable
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Promtool = "/usr/bin/promtool";
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    private const int Histogram = 4;
    private const int GaugeHistogram = 5;

    private static readonly string[] Queries =
    [
        "histogram_count(whole_seconds)", "histogram_sum(whole_seconds)", "histogram_sum(gauge_seconds)", "histogram_count(any_seconds)",
        "late", "count_over_time(late[1h])", "count_over_time(whole_seconds[1h])",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-histograms-").FullName;
    private int _scrapes;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task They_move_over_and_back()
    {
        PeerProcess.Need(Prometheus, Promtool);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000;
        await WriteAsync(now);
        File.Delete(At("original/lock"));

        await RunAsync("tsdb", "import", At("original"), "--data", At("pharos"));
        var dumped = await RunAsync("tsdb", "dump", At("original"));
        Assert.Equal(dumped, await RunAsync("tsdb", "dump", At("pharos")));
        Assert.Contains("whole_seconds", dumped, StringComparison.Ordinal);
        Assert.Equal(6, dumped.Split('\n').Count(static line => line.StartsWith("{__name__=\"late\"", StringComparison.Ordinal)));

        await RunAsync("tsdb", "export", At("pharos"), "-o", At("back"));
        var (listed, list) = await PeerProcess.RunAsync(Promtool, "tsdb", "list", At("back"));
        Assert.True(listed == 0, list);
        var expected = await AnswersAsync("original", now);
        var actual = await AnswersAsync("back", now);
        Assert.All(expected, static answer => Assert.True(answer.Error is null && answer.Count > 0));
        Assert.Equal([], Queries.Select((query, i) => actual[i].Difference(expected[i]) is { } difference ? $"{query}: {difference}" : null)
            .Where(static difference => difference is not null));
    }

    private async Task WriteAsync(long now)
    {
        await using var target = new LoopbackListener(_ => (Protobuf, Exposition(++_scrapes)));
        await using var server = await StartAsync("original", target.Authority, out var client);
        using var owned = client;
        foreach (var minutes in (int[])[0, 30, 10, 50, 20, 40])
        {
            var labels = LabelSet.From(("__name__", "late"), ("job", "push"));
            await RemoteWriteBody.PushAsync(client, RemoteWriteBody.Create([(labels, [(now - (minutes * 60_000), minutes)])]));
        }
        // Enough scrapes that histograms grow, are reset, and have other buckets than before.
        for (var waited = 0; _scrapes < 6 && waited < 400; waited++)
        {
            await Task.Delay(50);
        }
        Assert.True(_scrapes >= 6, string.Join('\n', server.Lines));
    }

    private async Task<IReadOnlyList<QueryAnswer>> AnswersAsync(string folder, long now)
    {
        await using var server = await StartAsync(folder, null, out var client);
        using var owned = client;
        var answers = new List<QueryAnswer>();
        foreach (var query in Queries)
        {
            answers.Add(await QueryAnswer.AskAsync(client, string.Create(CultureInfo.InvariantCulture,
                $"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={(now / 1000) - 3600}.5&end={(now / 1000) + 30}.5&step=7")));
        }
        return answers;
    }

    private Task<PeerProcess> StartAsync(string folder, string? target, out HttpClient client)
    {
        var port = PeerProcess.FreePort();
        var targets = target is null ? "[]" : $"[{target}]";
        File.WriteAllText(At($"{folder}.yml"), $$"""
            global: {scrape_interval: 500ms, scrape_timeout: 400ms}
            storage: {tsdb: {out_of_order_time_window: 2h} }
            scrape_configs:
              - job_name: native
                static_configs: [{ targets: {{targets}} } ]
            """);
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        return PeerProcess.ServeAsync(Prometheus, new Uri($"http://127.0.0.1:{port}/-/ready"), $"--config.file={At($"{folder}.yml")}",
            $"--storage.tsdb.path={At(folder)}", "--storage.tsdb.retention.time=10y", $"--web.listen-address=127.0.0.1:{port}",
            "--enable-feature=native-histograms", "--web.enable-remote-write-receiver", "--log.level=error");
    }

    private static byte[] Exposition(int scrape)
    {
        // Reset at every fourth; a bucket more each time.
        var grown = scrape % 4;
        var counts = Enumerable.Range(1, grown + 1).Select(i => (double)(i * 3)).ToArray();
        return
        [
            .. Family("whole_seconds", Histogram, counts, isInteger: true),
            .. Family("gauge_seconds", GaugeHistogram, [.. counts.Reverse()], isInteger: true),
            .. Family("any_seconds", Histogram, [.. counts.Select(static count => count / 4)], isInteger: false),
        ];
    }

    /// <summary>One metric of a family, with its length before it (io/prometheus/client/metrics.proto).</summary>
    private static byte[] Family(string name, int type, double[] counts, bool isInteger)
    {
        var writer = new ProtobufWriter();
        writer.Text(1, name);
        writer.Text(2, "Made up.");
        writer.Int64(3, type);
        var metric = writer.Begin(4);
        var histogram = writer.Begin(7);
        writer.DoubleEvenZero(2, counts.Sum() * 1.5);
        writer.ZigZag(5, 3);
        writer.Double(6, 1e-128);
        var span = writer.Begin(12);
        writer.ZigZag(1, -2);
        writer.Int64(2, counts.Length);
        writer.End(span);
        if (isInteger)
        {
            writer.UInt64EvenZero(1, (ulong)counts.Sum() + 2);
            writer.UInt64EvenZero(7, 2);
            var deltas = writer.Begin(13);
            for (var i = 0; i < counts.Length; i++)
            {
                writer.RawZigZag((long)(counts[i] - (i == 0 ? 0 : counts[i - 1])));
            }
            writer.End(deltas);
        }
        else
        {
            writer.DoubleEvenZero(4, counts.Sum() + 0.5);
            writer.DoubleEvenZero(8, 0.5);
            var buckets = writer.Begin(14);
            foreach (var count in counts)
            {
                writer.RawDouble(count);
            }
            writer.End(buckets);
        }
        writer.End(histogram);
        writer.End(metric);
        var delimited = new ProtobufWriter();
        delimited.Varint((ulong)writer.Length);
        delimited.Raw(writer.Written);
        return delimited.Written.ToArray();
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var (exitCode, output) = await PeerProcess.RunAsync(PeerProcess.Pharos, arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
