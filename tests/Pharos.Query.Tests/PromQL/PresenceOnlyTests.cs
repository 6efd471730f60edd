using CsCheck;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>Series long enough that most of their samples are packed by columns.</summary>
public sealed class PresenceOnlyTests
{
    private const long StepMs = 15_000;

    private static readonly string[] Questions =
    [
        "count_over_time(m[10m])", "present_over_time(m[5m])", "absent_over_time(m{i=\"1\"}[1m])", "count(m)", "count by (i) ((m))", "group(m)",
        "absent(m{i=\"0\"})", "count(m > 5)", "count(-m)", "count_over_time((m > 3)[5m:30s])", "count(max_over_time(m[1m]))", "sum(m)",
        "count_over_time(m[10m]) + m", "count(m) + sum(m)", "group(count_over_time(m[2m]))", "count(m{i=\"2\"} and m)",
    ];

    /// <summary>Whole numbers, decimals, constants, noise; gaps, and what is not a number.</summary>
    private static readonly Gen<(int Kind, int Seed)[]> GenSeries = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 100_000]).Array[3, 6];

    [Fact]
    public void Answers_are_those_of_reading_every_value() => Gen.Select(GenSeries, Gen.Int[1, 40], Gen.Long[-20, 300]).Sample((series, step, start) =>
    {
        var store = Fill(series);
        foreach (var question in Questions)
        {
            var (fast, plain) = (Ask(store, question, start, step, useFastPaths: true), Ask(store, question, start, step, useFastPaths: false));
            if (fast != plain)
            {
                throw new InvalidOperationException($"{question}\n{fast}\ninstead of\n{plain}");
            }
        }
    }, iter: 40);

    private static MetricStore Fill((int Kind, int Seed)[] series)
    {
        var store = MetricStore.OpenInMemory();
        for (var i = 0; i < series.Length; i++)
        {
            var (kind, random) = (series[i].Kind, new Random(series[i].Seed));
            var labels = LabelSet.From(("__name__", "m"), ("i", $"{i}"));
            var reference = 0UL;
            using var appender = store.Appender();
            for (var sample = 0; sample < 420; sample++)
            {
                var value = kind switch { 0 => sample * 3, 1 => random.Next(100) / 10.0, 2 => 7, 3 => random.NextDouble(), _ => double.NaN };
                value = random.Next(150) == 0 ? StaleMarker.Value : random.Next(150) == 0 ? double.NaN : value;
                if (random.Next(60) > 0)
                {
                    appender.Append(ref reference, labels, sample * StepMs, value);
                }
            }
            appender.Commit();
        }
        return store;
    }

    private static string Ask(MetricStore store, string query, long start, int step, bool useFastPaths)
    {
        var engine = new PromEngine(new PromEngineOptions { UseFastPaths = useFastPaths, MaxParallelism = 2 }, TimeProvider.System);
        var result = engine.Range(store, query, start * StepMs, (start + 200) * StepMs, step * StepMs, null, default);
        var rows = ((MatrixValue)result.Value).Series.Select(series =>
            $"{series.Labels} {string.Join(' ', series.TimestampsMs)} {string.Join(' ', series.Values)}");
        return $"{string.Join('\n', rows)}\n{result.Statistics.TotalSamples} {result.Statistics.PeakSamples}";
    }
}
