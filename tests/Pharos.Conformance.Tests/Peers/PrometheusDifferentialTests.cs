using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Pharos.Conformance.Tests.PromQL;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Asks a real Prometheus and Pharos the same questions of the same samples.</summary>
/// <remarks>Prometheus 2 closes a range on its left side, Prometheus 3 and Pharos open it: samples stand one millisecond
/// after the full seconds, so that none lies on the left edge of any window asked for. Counters are asked for windows that
/// begin after their first sample: before it Prometheus 2 extrapolates towards zero by another rule.</remarks>
public sealed class PrometheusDifferentialTests
{
    private const long StartMs = 1_700_000_000_000;
    private const long EndMs = StartMs + 3_600_000;
    private const double Tolerance = 1e-9;

    private static readonly string[] Queries =
    [
        "http_requests_total", "sum(rate(http_requests_total[5m]))", "sum by (route) (increase(http_requests_total[10m]))",
        "irate(http_requests_total[2m])", "delta(memory_bytes[7m])", "deriv(memory_bytes[10m])",
        "predict_linear(memory_bytes[30m], 3600)", "resets(http_requests_total[10m])", "changes(memory_bytes[3m])",
        "avg_over_time(memory_bytes[5m])", "stddev_over_time(memory_bytes[5m])", "quantile_over_time(0.9, memory_bytes[5m])",
        "min_over_time(memory_bytes[5m]) / max_over_time(memory_bytes[5m])", "count_over_time(gappy[10m])",
        "last_over_time(gappy[15m])", "absent(gappy)", "absent_over_time(gappy[5m])", "gappy offset 3m", "present_over_time(gappy[4m])",
        "histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))",
        "histogram_quantile(0.5, rate(latency_seconds_bucket[10m]))",
        "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m])) * 100 > 1",
        "http_requests_total / on (instance) group_left () instance_limit",
        "http_requests_total{code=\"200\"} and on (instance) (instance_limit > 150)", "topk(2, memory_bytes)",
        "memory_bytes unless on (instance) instance_limit == 100", "memory_bytes or instance_limit",
        "quantile(0.3, memory_bytes)", "stdvar by (route) (memory_bytes)", "avg(memory_bytes)", "count_values(\"v\", instance_limit)",
        "max_over_time(rate(http_requests_total[5m])[4m:1m])", "sum_over_time(memory_bytes[10m:45s] offset 2m)",
        "memory_bytes @ 1700001800", "rate(http_requests_total[5m] @ end())", "label_replace(memory_bytes, \"x\", \"$1\", \"instance\", \"(.).*\")",
        "clamp_max(memory_bytes, 1e6)", "round(memory_bytes, 1000)", "time() - timestamp(memory_bytes)", "hour(vector(1700000000))",
        "scalar(sum(memory_bytes)) + 1", "-memory_bytes ^ 2 % 7", "memory_bytes > bool 1e6", "vector(1) == bool 1", "sort_desc(memory_bytes)",
        "1 - (sum(increase(http_requests_total{code=\"500\"}[10m])) / sum(increase(http_requests_total[10m])))",
    ];

    [Fact]
    public async Task Both_answer_alike_at_one_time_and_over_a_range()
    {
        if (!File.Exists("/usr/bin/prometheus") || !File.Exists("/usr/bin/promtool"))
        {
            Assert.Skip("prometheus and promtool are not installed.");
        }
        var folder = Directory.CreateTempSubdirectory("pharos-peer").FullName;
        await using var store = MetricStore.OpenInMemory();
        await File.WriteAllTextAsync(Path.Combine(folder, "samples.om"), Fill(store));
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), "global: {}\n");
        using (var import = Start("/usr/bin/promtool", "tsdb", "create-blocks-from", "openmetrics",
            Path.Combine(folder, "samples.om"), Path.Combine(folder, "data")))
        {
            await import.WaitForExitAsync();
            Assert.Equal(0, import.ExitCode);
        }
        var port = FreePort();
        using var peer = Start("/usr/bin/prometheus", $"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data",
            "--storage.tsdb.retention.time=100y", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
            await Ready(client);
            var engine = new PromEngine(new PromEngineOptions(), TimeProvider.System);
            var problems = new List<string>();
            foreach (var query in Queries)
            {
                var escaped = Uri.EscapeDataString(query);
                var range = await Ask(client, $"/api/v1/query_range?query={escaped}&start={StartMs / 1000 + 600}&end={EndMs / 1000}&step=60");
                Compare(query, range, Flat(engine.Range(store, query, StartMs + 600_000, EndMs, 60_000, null, default).Value), problems);
                var instant = await Ask(client, $"/api/v1/query?query={escaped}&time={StartMs / 1000 + 2_000}");
                Compare(query, instant, Flat(engine.Instant(store, query, StartMs + 2_000_000, null, default).Value), problems);
            }
            Assert.Empty(problems);
        }
        finally
        {
            peer.Kill();
            await peer.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Fill(MetricStore store)
    {
        var random = new Random(42);
        var text = new StringBuilder();
        void Series(string name, string labels, Func<int, double?> value)
        {
            var set = LabelSet.From(labels.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
                .Select(pair => KeyValuePair.Create(pair[0], pair[1])).Append(KeyValuePair.Create(Label.MetricName, name)));
            var exposed = set.ToString().Replace("\", ", "\",", StringComparison.Ordinal);
            for (var i = 0; i < 240; i++)
            {
                if (value(i) is { } sample)
                {
                    var time = StartMs + (i * 15_000L) + 1;
                    store.Add(set, time, sample);
                    text.Append(CultureInfo.InvariantCulture, $"{exposed} {GoFloat.FormatG(sample)} {time / 1000}.{time % 1000:000}\n");
                }
            }
        }
        foreach (var instance in new[] { "a", "b", "c" })
        {
            var (ok, bad) = (0.0, 0.0);
            Series("http_requests_total", $"instance={instance},route=/x,code=200", i => ok = i % 97 == 96 ? 0 : ok + random.Next(50));
            Series("http_requests_total", $"instance={instance},route=/y,code=500", _ => bad += random.Next(3));
            Series("memory_bytes", $"instance={instance},route=/x", _ => 1e6 * random.NextDouble() * 3);
            Series("gappy", $"instance={instance}", i => i / 40 % 2 == 0 ? random.Next(100) : null);
            var counts = new double[4];
            var bounds = new[] { "0.1", "0.5", "2", "+Inf" };
            var increments = Enumerable.Range(0, 240).Select(_ => random.Next(10)).ToArray();
            for (var b = 0; b < bounds.Length; b++)
            {
                var scale = b + 1;
                var total = 0.0;
                Series("latency_seconds_bucket", $"instance={instance},le={bounds[b]}", i => total += increments[i] * scale);
            }
        }
        Series("instance_limit", "instance=a", _ => 100);
        Series("instance_limit", "instance=b", _ => 200);
        Series("instance_limit", "instance=c", _ => 300);
        return text.Append("# EOF\n").ToString();
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Ready(HttpClient client)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync("/-/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (attempt < 100)
            {
            }
            Assert.True(attempt < 100, "The peer did not become ready.");
            await Task.Delay(100);
        }
    }

    private static async Task<Dictionary<(LabelSet, long), double>> Ask(HttpClient client, string path)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync(path));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        var points = new Dictionary<(LabelSet, long), double>();
        void Add(LabelSet labels, JsonElement pair)
        {
            Assert.True(GoFloat.TryParse(pair[1].GetString(), out var value));
            points[(labels, (long)Math.Round(pair[0].GetDouble() * 1000))] = value;
        }
        if (result.GetArrayLength() > 0 && result[0].ValueKind == JsonValueKind.Number)
        {
            Add(LabelSet.Empty, result);
            return points;
        }
        foreach (var row in result.EnumerateArray())
        {
            var labels = LabelSet.From(row.GetProperty("metric").EnumerateObject()
                .Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
            if (row.TryGetProperty("value", out var single))
            {
                Add(labels, single);
                continue;
            }
            foreach (var pair in row.GetProperty("values").EnumerateArray())
            {
                Add(labels, pair);
            }
        }
        return points;
    }

    private static Dictionary<(LabelSet, long), double> Flat(QueryValue value) => value switch
    {
        ScalarValue scalar => new() { [(LabelSet.Empty, scalar.TimestampMs)] = scalar.Value },
        VectorValue vector => vector.Samples.ToDictionary(sample => (sample.Labels, sample.TimestampMs), sample => sample.Value),
        MatrixValue matrix => matrix.Series.SelectMany(series => series.TimestampsMs.Select((time, i) => ((series.Labels, time), series.Values[i])))
            .ToDictionary(pair => pair.Item1, pair => pair.Item2),
        _ => throw new UnreachableException(),
    };

    private static void Compare(string query, Dictionary<(LabelSet, long), double> peer, Dictionary<(LabelSet, long), double> ours,
        List<string> problems)
    {
        var missing = peer.Keys.Except(ours.Keys).ToList();
        var extra = ours.Keys.Except(peer.Keys).ToList();
        if (missing.Count + extra.Count > 0)
        {
            problems.Add($"{query}: {missing.Count} points missing, {extra.Count} too many, first {missing.Concat(extra).First()}");
            return;
        }
        foreach (var (key, wanted) in peer)
        {
            var actual = ours[key];
            if (!wanted.Equals(actual) && !(Math.Abs(wanted - actual) <= Tolerance * Math.Max(Math.Abs(wanted), Math.Abs(actual))))
            {
                problems.Add($"{query}: {key} is {actual:R}, not {wanted:R}");
                return;
            }
        }
    }
}
