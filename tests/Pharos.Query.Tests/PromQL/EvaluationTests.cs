using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>Values worked out by hand: extrapolation, lookback, staleness, and what lies at the bounds of a range.</summary>
public sealed class EvaluationTests : IAsyncLifetime
{
    private static readonly double Stale = StaleMarker.Value;
    private readonly MetricStore _store = MetricStore.OpenInMemory();
    private readonly PromEngine _engine = new(new PromEngineOptions(), TimeProvider.System);

    public ValueTask InitializeAsync()
    {
        Write([("__name__", "even_total")], (0, 0), (15, 10), (30, 20), (45, 30), (60, 40));
        Write([("__name__", "young_total")], (30, 1), (45, 31), (60, 61));
        Write([("__name__", "reset_total")], (15, 5), (30, 8), (45, 2), (60, 6));
        Write([("__name__", "huge_total")], (15, 1e21), (30, 1), (45, 0), (60, 0));
        Write([("__name__", "level")], (15, 10), (60, 4));
        Write([("__name__", "sign_total")], (15, 0), (30, -0.0), (45, -0.0));
        Write([("__name__", "gone")], (15, 1), (30, Stale));
        Write([("__name__", "load"), ("instance", "x"), ("job", "a")], (0, 7));
        Write([("__name__", "target_info"), ("instance", "x"), ("job", "a"), ("version", "2")], (0, 1));
        return ValueTask.CompletedTask;
    }

    /// <summary>Of an aggregation's parameter the farthest are named; of a function's those that it was asked with.</summary>
    [Theory]
    [InlineData("quantile(scalar(even_total), level)", "40", "10")]
    [InlineData("quantile(-time(), nothing)", "-15", "-60")]
    [InlineData("quantile_over_time(scalar(even_total), level[1m])", "10", "20", "30", "40")]
    [InlineData("quantile_over_time(2, nothing[1m])")]
    [InlineData("quantile_over_time(time(), load[20s])", "15")]
    public void Quantiles_out_of_bounds_are_told(string query, params string[] values)
    {
        var warnings = _engine.Range(_store, query, 15_000, 60_000, 15_000, null, default).Warnings;
        Assert.Equal(values.Select(value => "PromQL warning: quantile value should be between 0 and 1, got " + value),
            warnings.Select(text => text[..text.LastIndexOf(" (", StringComparison.Ordinal)]));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    // (0 s, 60 s] holds 10 to 40 over 45 s; the first sample is 15 s from the start, less than 1.1 intervals: 30 * 60 / 45.
    [InlineData("increase(even_total[1m])", 60, 40)]
    [InlineData("rate(even_total[1m])", 60, 40 / 60.0)]
    // 5 s and 10 s to the bounds: again up to both of them.
    [InlineData("increase(even_total[1m])", 70, 40)]
    // 30 and 40, 15 s apart; 15 s to the start, but 30 s to the end: half an interval there, 10 * (15 + 15 + 7.5) / 15.
    [InlineData("increase(even_total[1m])", 90, 25)]
    // 60 in 30 s from the value 1: the counter was zero half a second earlier, 60 * 30.5 / 30.
    [InlineData("increase(young_total[2m])", 60, 61)]
    // 6 - 5, and the 8 before the reset, are 9 in 45 s: 9 * 60 / 45.
    [InlineData("increase(reset_total[1m])", 60, 12)]
    // Resets are added one after the other: 0 - 1e21 + 1e21 + 1 is 1, where 1e21 + 1 would be 1e21; 1 * 60 / 45.
    [InlineData("increase(huge_total[1m])", 60, 60 / 45.0)]
    [InlineData("max_over_time(increase(huge_total[1m])[1s:1s])", 60, 60 / 45.0)]
    [InlineData("resets(reset_total[1m])", 60, 1)]
    [InlineData("delta(level[1m])", 60, -8)]
    [InlineData("irate(even_total[1m])", 60, 10 / 15.0)]
    // The sample at the range's start is outside, that at its end inside.
    [InlineData("count_over_time(even_total[15s])", 60, 1)]
    // The sample at 0 s stands for the start at 10 s; or the line to 15 s gives 20 / 3 there.
    [InlineData("increase(even_total[1m] anchored)", 70, 40)]
    [InlineData("increase(even_total[1m] smoothed)", 70, 40 - (20 / 3.0))]
    [InlineData("even_total smoothed", 50, 30 + (10 / 3.0))]
    [InlineData("even_total", 359, 40)]
    [InlineData("even_total offset 5m", 359, 30)]
    [InlineData("gone", 29, 1)]
    [InlineData("count_over_time(gone[1m])", 40, 1)]
    [InlineData("even_total + on() fill_right(2) nothing", 60, 42)]
    [InlineData("sum by (version) (info(load))", 0, 7)]
    // What is not finite is the time that Go makes of it: 15:30:08 on Wednesday, 4 December 292277026596.
    [InlineData("year(vector(NaN))", 0, 292277026596)]
    [InlineData("day_of_year(vector(Inf))", 0, 339)]
    [InlineData("minute(vector(-Inf))", 0, 30)]
    [InlineData("year(vector(1e12))", 0, 33658)]
    [InlineData("hour(vector(-0.5))", 0, 0)]
    [InlineData("hour(vector(-1))", 0, 23)]
    // NaN is the end of all, but not of what nothing can exceed.
    [InlineData("clamp(vector(1), Inf, NaN)", 0, double.PositiveInfinity)]
    [InlineData("clamp_max(vector(-Inf), NaN)", 0, double.NegativeInfinity)]
    public void One_value_as_worked_out_by_hand(string query, int second, double expected) =>
        Assert.Equal(expected, Assert.Single(Ask(query, second)).Value, 1e-12 * Math.Max(1, Math.Abs(expected)));

    /// <summary>-0 less 0 is -0, in Go as here: nothing may be added to it that is not there.</summary>
    [Theory]
    [InlineData("delta(sign_total[1m])", true)]
    [InlineData("increase(sign_total[1m])", true)]
    [InlineData("rate(sign_total[1m])", true)]
    [InlineData("delta(sign_total[30s])", false)]
    public void A_change_keeps_the_sign_of_its_zero(string query, bool isNegative)
    {
        foreach (var useFastPaths in new[] { false, true })
        {
            var engine = new PromEngine(new PromEngineOptions { UseFastPaths = useFastPaths }, TimeProvider.System);
            var answer = engine.Range(_store, query, 45_000, 50_000, 1_000, null, TestContext.Current.CancellationToken);
            Assert.All(Assert.Single(((MatrixValue)answer.Value).Series).Values,
                value => Assert.Equal((0.0, isNegative), (value, double.IsNegative(value))));
        }
    }

    [Theory]
    // Exactly as old as the lookback is too old.
    [InlineData("even_total", 360)]
    [InlineData("gone", 30)]
    [InlineData("gone", 31)]
    [InlineData("increase(even_total[15s])", 60)]
    [InlineData("increase(even_total[1m] anchored)", 120)]
    [InlineData("info(load, {version=\"3\"})", 0)]
    public void No_value(string query, int second) => Assert.Empty(Ask(query, second));

    [Theory]
    [InlineData("nothing + on () {__name__=~\"even_total|level\"}")]
    [InlineData("{__name__=~\"even_total|level\"} * on () group_right () nothing")]
    [InlineData("double_exponential_smoothing(nothing[5m], 2, 2)")]
    public void What_would_be_refused_is_not_looked_at_where_nothing_can_match(string query) => Assert.Empty(Ask(query, 60));

    [Theory]
    [InlineData("absent(nothing{a=~\"x\", a=\"y\"})", "y")]
    [InlineData("absent(nothing{a=\"y\", a=~\"x\"})", "")]
    [InlineData("absent(nothing{a=\"x\", a=\"y\"})", "")]
    public void An_absent_series_has_the_labels_that_its_last_matchers_equate(string query, string label) =>
        Assert.Equal(label, Assert.Single(Ask(query, 60)).Labels["a"]);

    [Fact]
    public void A_range_query_has_a_gap_after_the_staleness_marker()
    {
        var answer = _engine.Range(_store, "gone", 0, 60_000, 5_000, null, TestContext.Current.CancellationToken);
        Assert.Equal([15_000, 20_000, 25_000], Assert.Single(((MatrixValue)answer.Value).Series).TimestampsMs);
    }

    [Fact]
    public void An_info_series_lends_its_labels()
    {
        var labels = Assert.Single(Ask("info(load)", 0)).Labels;
        Assert.Equal("load{instance=\"x\", job=\"a\", version=\"2\"}", labels.ToString());
    }

    [Fact]
    public void A_smoothed_range_is_refused_where_it_makes_no_sense()
    {
        var failed = Assert.Throws<QueryException>(() => Ask("max_over_time(level[1m] smoothed)", 60));
        Assert.Equal("smoothed modifier can only be used with: delta, increase, rate - not with max_over_time", failed.Message);
    }

    private IReadOnlyList<VectorSample> Ask(string query, int second)
    {
        var answer = _engine.Instant(_store, query, second * 1000L, null, TestContext.Current.CancellationToken);
        return ((VectorValue)answer.Value).Samples;
    }

    private void Write((string, string)[] labels, params ReadOnlySpan<(int Second, double Value)> samples)
    {
        using var appender = _store.Appender();
        var set = LabelSet.From(labels);
        var reference = 0UL;
        foreach (var (second, value) in samples)
        {
            Assert.Equal(AppendResult.Ok, appender.Append(ref reference, set, second * 1000L, value));
        }
        appender.Commit();
    }
}
