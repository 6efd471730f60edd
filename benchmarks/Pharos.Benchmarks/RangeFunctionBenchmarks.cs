using BenchmarkDotNet.Attributes;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Benchmarks;

/// <summary>Functions over ranges and what asks only for presence, on one core, over a day and two hours of samples in memory.</summary>
public class RangeFunctionBenchmarks
{
    private const long StepMs = 15_000;
    private const int Samples = 6_240;

    private readonly MetricStore _store = MetricStore.OpenInMemory();
    private readonly PromEngine _engine = new(new PromEngineOptions { MaxParallelism = 1 }, TimeProvider.System);

    /// <summary>Series.</summary>
    [Params(10)]
    public int Scale { get; set; }

    [Params(
        "sum_over_time(m[1h])", "avg_over_time(m[1h])", "stddev_over_time(m[1h])", "max_over_time(m[1d])", "count_over_time(m[1d])", "count(m)")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(7);
        var references = new ulong[Scale];
        LabelSet[] labels = [.. Enumerable.Range(0, Scale).Select(static i => LabelSet.From((Label.MetricName, "m"), ("i", $"{i}")))];
        for (var sample = 0; sample < Samples; sample++)
        {
            using var appender = _store.Appender();
            for (var i = 0; i < Scale; i++)
            {
                appender.Append(ref references[i], labels[i], sample * StepMs, Math.Round(random.NextDouble() * 1_000, 2));
            }
            appender.Commit();
        }
    }

    [GlobalCleanup]
    public ValueTask CloseAsync() => _store.DisposeAsync();

    /// <summary>480 steps.</summary>
    [Benchmark]
    public object Range() => Ask(480);

    /// <summary>One window, as rules ask.</summary>
    [Benchmark]
    public object Instant() => Ask(1);

    private QueryResult Ask(int steps) =>
        _engine.Range(_store, Query, (Samples - steps) * StepMs, (Samples - 1) * StepMs, StepMs, null, CancellationToken.None);
}
