using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Server.Governing;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Server.Tests.Governing;

/// <summary>What a server refuses under simulated pressure, and how it says so.</summary>
public sealed class GovernorTests
{
    private const long BudgetBytes = 1L << 30;
    private const string Rules = "groups: [{name: g, interval: 50ms, rules: [{record: r, expr: 1}]}]\n";

    [Fact]
    public async Task Expensive_queries_are_refused_with_503_and_cheap_ones_are_answered()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 500; i++)
        {
            server.Add(1_000_000, i, ("__name__", "m"), ("i", $"{i}"));
        }
        const string expensive = "/api/v1/query_range?query=m&start=1000&end=1299&step=0.1&nocache=1";
        Assert.Equal(200, (await server.GetAsync(expensive)).Status);
        Press(server, 0.9);
        var (status, body) = await server.GetAsync(expensive);
        Assert.Equal(503, status);
        Assert.Contains("\"errorType\":\"unavailable\"", body, StringComparison.Ordinal);
        Assert.Contains("would hold more than 1000000 samples while the server is short of memory", body, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/api/v1/query?query=m&time=1000")).Status);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_governor_refused_queries_total 1\n", metrics, StringComparison.Ordinal);
        Press(server, 0.1);
        Assert.Equal(200, (await server.GetAsync(expensive)).Status);
    }

    [Fact]
    public async Task Expensive_federation_is_refused_with_503_and_a_reason_and_a_cheap_one_is_answered()
    {
        await using var server = await StartAsync();
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using (var appender = server.Server.Parts.Store.Appender())
        {
            for (var i = 0; i < 1000; i++)
            {
                var labels = LabelSet.From(("__name__", "m"), ("i", $"{i}"));
                var reference = 0UL;
                for (var back = 1005; back > 0; back--)
                {
                    appender.Append(ref reference, labels, nowMs - (back * 100), back);
                }
            }
            appender.Commit();
        }
        const string expensive = "/federate?match[]=m";
        Assert.Equal(200, (await server.GetAsync(expensive)).Status);
        Press(server, 0.9);
        var (status, body) = await server.GetAsync(expensive);
        Assert.Equal(503, status);
        Assert.Contains("federation refused, it would read more than 1000000 samples while the server is short of memory", body, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/federate?match[]=m{i=\"7\"}")).Status);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_governor_refused_reads_total{kind=\"federation\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_list_of_series_is_refused_with_503_and_a_short_one_is_answered()
    {
        await using var server = await StartAsync();
        using (var appender = server.Server.Parts.Store.Appender())
        {
            for (var i = 0; i <= 50_000; i++)
            {
                var reference = 0UL;
                appender.Append(ref reference, LabelSet.From(("__name__", "m"), ("i", $"{i}")), 1_000_000, i);
            }
            appender.Commit();
        }
        Assert.Equal(200, (await server.GetAsync("/api/v1/series?match[]=m")).Status);
        Press(server, 0.9);
        var (status, body) = await server.GetAsync("/api/v1/series?match[]=m");
        Assert.Equal(503, status);
        Assert.Contains("list of series refused, it would name more than 50000 series while the server is short of memory", body, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync("/api/v1/series?match[]=m{i!=\"7\"}")).Status);
        Assert.Equal(1, await ValueAsync(server, "pharos_governor_refused_reads_total{kind=\"list of series\"}"));
    }

    [Fact]
    public async Task Refusals_are_counted_from_zero_on()
    {
        await using var server = await StartAsync();
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_governor_refused_queries_total 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_governor_refused_reads_total{kind=\"federation\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_governor_skipped_rule_groups_total 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_tsdb_overload_samples_total 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_asked_for_is_measured_at_once()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        using var governor = new Governor(new ResourceBudget(1, 0), TimeProvider.System, NullLogger.Instance, meter) { Interval = TimeSpan.FromHours(1) };
        governor.Start();
        governor.MeasureMemorySoon();
        Assert.True(SpinWait.SpinUntil(() => governor.Decision.Level == ShedLevel.NewSeries, TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_expensive_remote_read_is_refused_and_a_cheap_one_is_answered(byte responseType)
    {
        await using var server = await StartAsync();
        using (var appender = server.Server.Parts.Store.Appender())
        {
            for (var i = 0; i < 1000; i++)
            {
                var labels = LabelSet.From(("__name__", "m"), ("i", $"{i}"));
                var reference = 0UL;
                for (var timestampMs = 1; timestampMs <= 1005; timestampMs++)
                {
                    appender.Append(ref reference, labels, timestampMs, i);
                }
            }
            appender.Commit();
        }
        Assert.Equal(200, (await ReadAsync(server, "__name__", "m", responseType)).Status);
        Press(server, 0.9);
        if (responseType == 0)
        {
            var (status, body) = await ReadAsync(server, "__name__", "m", responseType);
            Assert.Equal(503, status);
            Assert.Contains("remote read refused, it would read more than 1000000 samples while the server is short of memory", body, StringComparison.Ordinal);
        }
        else
        {
            // The stream has begun: that it breaks off says that it is not whole.
            await Assert.ThrowsAsync<HttpRequestException>(() => ReadAsync(server, "__name__", "m", responseType));
        }
        Assert.Equal(200, (await ReadAsync(server, "i", "7", responseType)).Status);
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_governor_refused_reads_total{kind=\"remote read\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_wait_and_go_on_afterwards()
    {
        await using var server = await StartAsync(Rules);
        Press(server, 0.95);
        await WaitAsync(server, "pharos_governor_skipped_rule_groups_total", value => value >= 3);
        var before = await ValueAsync(server, "prometheus_rule_evaluations_total");
        Press(server, 0.1);
        await WaitAsync(server, "prometheus_rule_evaluations_total", value => value > before + 2);
    }

    [Fact]
    public async Task New_series_are_refused_and_known_ones_keep_flowing()
    {
        await using var server = await StartAsync();
        server.Add(1_000_000, 1, ("__name__", "known"));
        Press(server, 0.99);
        Assert.Equal(AppendResult.Overloaded, Append(server, "new"));
        Assert.Equal(AppendResult.Ok, Append(server, "known"));
        var metrics = (await server.GetAsync("/metrics")).Body;
        Assert.Contains("\npharos_tsdb_overload_samples_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npharos_governor_level 3\n", metrics, StringComparison.Ordinal);
        Press(server, 0.1);
        Assert.Equal(AppendResult.Ok, Append(server, "new"));
    }

    [Fact]
    public void A_measurement_is_that_of_this_process()
    {
        var meter = new LoadMeter(TimeProvider.System);
        meter.Measure();
        var load = meter.Measure();
        Assert.InRange(load.MemoryBytes, 10L << 20, Environment.WorkingSet * 2);
        Assert.InRange(load.CpuCores, 0, Environment.ProcessorCount);
        Assert.InRange(load.Delay, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static Task<RunningServer> StartAsync(string? rules = null)
    {
        var folder = RunningServer.NewFolder();
        var file = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(file, rules is null ? "" : "rule_files: [rules.yml]\n");
        File.WriteAllText(Path.Combine(folder, "rules.yml"), rules ?? "");
        return RunningServer.StartAsync(folder, options => options with
        {
            ConfigFile = file,
            DataPath = Path.Combine(folder, "data"),
            MemoryBudgetBytes = BudgetBytes,
            MeasuresLoad = false,
        });
    }

    private static async Task WaitAsync(RunningServer server, string metric, Func<double, bool> isMet)
    {
        for (var i = 0; i < 200; i++)
        {
            if (isMet(await ValueAsync(server, metric)))
            {
                return;
            }
            await Task.Delay(50);
        }
        throw new TimeoutException(metric);
    }

    private static async Task<double> ValueAsync(RunningServer server, string metric) =>
        (await server.GetAsync("/metrics")).Body.Split('\n').Where(line => line.StartsWith(metric, StringComparison.Ordinal))
            .Sum(static line => double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Reads everything that has the label, as samples (0) or as a stream of chunks (1).</summary>
    private static async Task<(int Status, string Body)> ReadAsync(RunningServer server, string name, string value, byte responseType)
    {
        byte[] matcher = [0x12, (byte)name.Length, .. Encoding.UTF8.GetBytes(name), 0x1a, (byte)value.Length, .. Encoding.UTF8.GetBytes(value)];
        byte[] query = [0x10, 0xff, 0x7f, 0x1a, (byte)matcher.Length, .. matcher];
        using var content = new ByteArrayContent(Snappy.CompressToArray([0x0a, (byte)query.Length, .. query, 0x10, responseType]));
        using var answer = await server.Http.PostAsync("/api/v1/read", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static void Press(RunningServer server, double share) =>
        server.Server.Parts.Governor.Take(new LoadMeasurement((long)(BudgetBytes * share), 0, TimeSpan.Zero));

    private static AppendResult Append(RunningServer server, string name)
    {
        using var appender = server.Server.Parts.Store.Appender();
        var reference = 0UL;
        var result = appender.Append(ref reference, LabelSet.From(("__name__", name)), 2_000_000, 2);
        appender.Commit();
        return result;
    }
}
