using BenchmarkDotNet.Attributes;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Benchmarks;

/// <summary>Sets of series that matchers pick from the head: posting lists joined and taken apart.</summary>
[MemoryDiagnoser]
public class SelectorBenchmarks
{
    private MetricStore _store = null!;

    /// <summary>Series.</summary>
    [Params(1_000, 100_000)]
    public int Scale { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _store = MetricStore.OpenInMemory();
        using var appender = _store.Appender();
        for (var i = 0; i < Scale; i++)
        {
            ulong reference = 0;
            appender.Append(ref reference, LabelSet.From((Label.MetricName, $"m{i % 10}"), ("instance", $"10.0.{i / 250}.{i % 250}"),
                ("code", $"{200 + (i % 7)}")), 15_000, i);
        }
        appender.Commit();
    }

    [GlobalCleanup]
    public ValueTask CloseAsync() => _store.DisposeAsync();

    /// <summary>A name, one code of seven.</summary>
    [Benchmark]
    public int Intersect() => Select(new(Pharos.Storage.Model.MatchType.Equal, Label.MetricName, "m3"), new(Pharos.Storage.Model.MatchType.Equal, "code", "203"));

    /// <summary>A name without one code.</summary>
    [Benchmark]
    public int Subtract() => Select(new(Pharos.Storage.Model.MatchType.Equal, Label.MetricName, "m3"), new(Pharos.Storage.Model.MatchType.NotEqual, "code", "203"));

    /// <summary>A regular expression over as many values as there are series.</summary>
    [Benchmark]
    public int Regex() => Select(new(Pharos.Storage.Model.MatchType.Equal, Label.MetricName, "m3"), new(Pharos.Storage.Model.MatchType.Regex, "instance", "10\\.0\\..*7"));

    private int Select(params LabelMatcher[] matchers)
    {
        using var querier = _store.Querier(0, long.MaxValue);
        return querier.Select(matchers, CancellationToken.None).Count;
    }
}
