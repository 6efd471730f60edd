using CsCheck;
using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>What has a fast form answers bit for bit as its plain form does, whatever the samples and the grid.</summary>
public sealed class FastPathTests
{
    private static readonly string[] Functions =
    [
        "rate", "increase", "delta", "irate", "idelta", "deriv", "resets", "changes", "avg_over_time", "min_over_time",
        "max_over_time", "sum_over_time", "count_over_time", "last_over_time", "first_over_time", "present_over_time",
        "stddev_over_time", "stdvar_over_time", "mad_over_time", "absent_over_time",
    ];

    private static readonly string[] Aggregations =
    [
        "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar", "sum by (job)", "avg by (job, __name__)",
        "max without (i)", "min without (i, job)", "count by (missing)", "avg without (job)",
    ];

    /// <summary>Small numbers, jumps, halves, and now and then what arithmetic trips over.</summary>
    private static readonly Gen<double> GenValue = Gen.Frequency(
        (12, Gen.Int[0, 20].Select(static value => (double)value)),
        (6, Gen.Int[-1_000, 1_000].Select(static value => value / 8.0)),
        (4, Gen.Double[-1e3, 1e3]),
        (1, OneOf(double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0, 1e308, -1e308, 5e-324,
            StaleMarker.Value)));

    private static readonly Gen<(long StepMs, double[] Values, bool IsCounter, int Gap)> GenSeries = Gen.Select(
        OneOf(5_000L, 15_000L, 15_001L, 60_000L), GenValue.Array[1, 90], Gen.Bool, Gen.Int[0, 90]);

    private static readonly Gen<(long StartMs, long StepMs, int Steps)> GenGrid = Gen.Select(
        Gen.Long[-200_000, 900_000], OneOf(1_000L, 15_000L, 30_000L, 77_000L, 400_000L), Gen.Int[1, 60]);

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    [Fact]
    public void Functions_over_ranges_have_the_bits_of_their_plain_forms() => Gen.Select(
        GenSeries.Array[1, 4], GenGrid, OneOf(Functions), OneOf("20s", "1m", "5m", "1h", "75s offset 40s", "2m @ 300"))
        .Sample((series, grid, function, range) =>
        {
            var at = range.IndexOf(' ', StringComparison.Ordinal);
            var (window, rest) = at < 0 ? (range, "") : (range[..at], range[at..]);
            return Answers(series, grid, $"{function}(m_total[{window}]{rest})");
        }, iter: 1_500);

    [Fact]
    public void Quantiles_over_ranges_have_the_bits_of_their_plain_forms() => Gen.Select(
        GenSeries.Array[1, 4], GenGrid, OneOf("0", "0.5", "0.99", "1", "-1", "time() / 1000"), OneOf("1m", "10m"))
        .Sample((series, grid, quantile, range) =>
            Answers(series, grid, $"quantile_over_time({quantile}, m_total[{range}])"), iter: 500);

    [Fact]
    public void Subqueries_and_selectors_have_the_bits_of_their_plain_forms() => Gen.Select(
        GenSeries.Array[1, 4], GenGrid, OneOf(
            "m_total", "m_total offset 1m", "m_total @ 200", "max_over_time(m_total[3m:20s])", "rate(rate(m_total[1m])[5m:])"))
        .Sample((series, grid, query) => Answers(series, grid, query), iter: 500);

    [Fact]
    public void Aggregations_have_the_bits_of_their_plain_forms() => Gen.Select(
        GenSeries.Array[1, 9], GenGrid, OneOf(Aggregations),
        OneOf("m_total", "rate({__name__=~\"m_total|n\"}[2m])", "max_over_time(m_total[1m])", "increase(m_total[10m:1m])"))
        .Sample((series, grid, aggregation, operand) => Answers(series, grid, $"{aggregation} ({operand})"), iter: 1_500);

    [Fact]
    public void Ranks_are_those_of_the_plain_forms() => Gen.Select(
        GenSeries.Array[1, 9], GenGrid, OneOf("topk(2, ", "bottomk(3, ", "topk by (job) (1, ", "bottomk without (i) (2, ", "topk(70, "),
        OneOf("m_total)", "max_over_time(m_total[1m]))"))
        .Sample((series, grid, rank, operand) => Answers(series, grid, rank + operand), iter: 800);

    private static bool Answers((long StepMs, double[] Values, bool IsCounter, int Gap)[] series,
        (long StartMs, long StepMs, int Steps) grid, string query)
    {
        var store = MetricStore.OpenInMemory();
        using (var appender = store.Appender())
        {
            for (var i = 0; i < series.Length; i++)
            {
                Append(appender, i, series[i]);
            }
            appender.Commit();
        }
        var fast = Ask(store, query, grid, useFastPaths: true);
        var plain = Ask(store, query, grid, useFastPaths: false);
        return fast == plain ? true : throw new InvalidOperationException($"{query}\n{fast}\ninstead of\n{plain}");
    }

    private static void Append(IMetricAppender appender, int number, (long StepMs, double[] Values, bool IsCounter, int Gap) series)
    {
        // The fourth bears the labels of the first but for the name: where names go, the two meet.
        var labels = LabelSet.From(
            ("__name__", number % 4 == 3 ? "n" : "m_total"), ("job", $"j{number % 3}"), ("i", $"{(number == 3 ? 0 : number)}"));
        var reference = 0UL;
        var sum = 0.0;
        for (var i = 0; i < series.Values.Length; i++)
        {
            sum = series.IsCounter && series.Values[i] > 0 ? sum + series.Values[i] : series.Values[i];
            // A gap in the middle, and times that drift.
            var timeMs = (i * series.StepMs) + (i >= series.Gap ? 130_000 : 0) + (number % 2 * 7);
            appender.Append(ref reference, labels, timeMs, sum);
        }
    }

    private static string Ask(MetricStore store, string query, (long StartMs, long StepMs, int Steps) grid, bool useFastPaths)
    {
        var engine = new PromEngine(new PromEngineOptions
        {
            UseFastPaths = useFastPaths,
            MaxParallelism = 2,
            PerStepStatistics = true,
        }, TimeProvider.System);
        try
        {
            var result = engine.Range(store, query, grid.StartMs, grid.StartMs + ((grid.Steps - 1) * grid.StepMs), grid.StepMs, null, default);
            var instant = engine.Instant(store, query, grid.StartMs + ((grid.Steps - 1) * grid.StepMs), null, default);
            return Text(result) + Text(instant);
        }
        catch (QueryException failed)
        {
            return failed.Message;
        }
    }

    private static string Text(QueryResult result)
    {
        var rows = result.Value is MatrixValue matrix
            ? matrix.Series.Select(series => $"{series.Labels} {string.Join(' ', series.TimestampsMs)} {string.Join(' ', series.Values.Select(Bits))}")
            : ((VectorValue)result.Value).Samples.Select(sample => $"{sample.Labels} {sample.TimestampMs} {Bits(sample.Value)}");
        return $"{string.Join('\n', rows)}\n{string.Join('|', result.Warnings)}|{string.Join('|', result.Infos)}|" +
            $"{result.Statistics.TotalSamples} {result.Statistics.PeakSamples} {string.Join(' ', result.Statistics.SamplesPerStep)}\n";
    }

    /// <summary>NaN is NaN, whatever its bits.</summary>
    private static string Bits(double value) =>
        double.IsNaN(value) ? "NaN" : $"{BitConverter.DoubleToUInt64Bits(value):x}";
}
