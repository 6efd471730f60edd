using BenchmarkDotNet.Attributes;
using Pharos.Query.PromQL;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Benchmarks;

/// <summary>Appends by cached reference, and range queries over what was appended; all in memory, nothing of disk or HTTP.</summary>
[MemoryDiagnoser]
public class MetricStoreBenchmarks
{
    private const long StepMs = 15_000;
    private const int SamplesPerSeries = 480;

    private readonly PromEngine _engine = new(new PromEngineOptions(), TimeProvider.System);
    private MetricStore _store = null!;
    private LabelSet[] _labels = [];
    private ulong[] _references = [];
    private long _nowMs;

    /// <summary>Series; small enough to run as a smoke test, large enough to leave the caches.</summary>
    [Params(1_000, 20_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _store = MetricStore.OpenInMemory();
        _references = new ulong[Scale];
        _labels = [.. Enumerable.Range(0, Scale).Select(i => LabelSet.From(
            (Label.MetricName, "progressive_http_requests_total"), ("instance", $"10.0.{i / 250}.{i % 250}:8080"),
            ("route", $"/api/{i % 20}"), ("status_code", i % 10 == 0 ? "500" : "200")))];
        for (var i = 0; i < SamplesPerSeries; i++)
        {
            AppendScrape();
        }
    }

    [GlobalCleanup]
    public ValueTask CloseAsync() => _store.DisposeAsync();

    [Benchmark]
    public void AppendScrape()
    {
        _nowMs += StepMs;
        using var appender = _store.Appender();
        for (var i = 0; i < Scale; i++)
        {
            appender.Append(ref _references[i], _labels[i], _nowMs, _nowMs / 100d + i);
        }
        appender.Commit();
    }

    /// <summary>480 steps.</summary>
    [Benchmark]
    public object SumRateRange() => _engine.Range(
        _store, "sum by (status_code) (rate(progressive_http_requests_total[5m]))", _nowMs - (479 * StepMs), _nowMs, StepMs, null,
        CancellationToken.None);
}
