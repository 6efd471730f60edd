using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>Samples are counted as Prometheus counts them: what is held at once. Each limit is met exactly, and one less ends
/// the query.</summary>
public sealed class QueryBudgetTests : IAsyncLifetime
{
    private const string TooMany = "query processing would load too many samples into memory in query execution";

    private readonly MetricStore _store = MetricStore.OpenInMemory();

    public ValueTask InitializeAsync()
    {
        foreach (var labels in new[]
        {
            LabelSet.From(("__name__", "metric")),
            LabelSet.From(("__name__", "bigmetric"), ("a", "1")),
            LabelSet.From(("__name__", "bigmetric"), ("a", "2")),
        })
        {
            using var appender = _store.Appender();
            var reference = 0UL;
            for (var i = 0; i <= 100; i++)
            {
                appender.Append(ref reference, labels, i * 10_000, i + 1);
            }
            appender.Commit();
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void Growth_is_told_of_while_it_happens()
    {
        var told = 0;
        var budget = new SampleBudget(long.MaxValue, long.MaxValue, shedding: null, growing: () => told++);
        budget.Hold(SampleBudget.Growth - 1);
        Assert.Equal(0, told);
        budget.Ensure(1);
        budget.Ensure(2);
        Assert.Equal(1, told);
        budget.Hold(SampleBudget.Growth + 1);
        Assert.Equal(2, told);
        budget.ReleaseTo(0);
        budget.Hold(SampleBudget.Growth);
        Assert.Equal(3, told);
    }

    [Fact]
    public void A_query_that_there_is_no_memory_for_is_refused_and_counted()
    {
        var (asked, refused) = (0, 0);
        var engine = new PromEngine(new PromEngineOptions
        {
            // More than any array may have.
            CurrentShedding = () => asked++ == 0 ? null : (new QueryShedding[int.MaxValue])[0],
            QueryShed = () => refused++,
        }, TimeProvider.System);
        var failure = Assert.Throws<QueryException>(() => engine.Instant(_store, "metric", 0, null, TestContext.Current.CancellationToken));
        Assert.Equal((QueryErrorKind.Overload, 1), (failure.Kind, refused));
    }

    [Theory]
    [InlineData("metric", 0, 0, 1)]
    [InlineData("metric[20s]", 10, 10, 2)]
    [InlineData("rate(metric[20s])", 10, 10, 3)]
    [InlineData("metric[20s:5s]", 10, 10, 3)]
    [InlineData("metric[20s] @ 10", 0, 0, 2)]
    [InlineData("metric", 0, 10, 3)]
    // What is fixed to a time is repeated at every step.
    [InlineData("metric @ 10", 0, 10, 3)]
    // 20 of the subquery, 10 in the window of one series, 2 results.
    [InlineData("rate(bigmetric[10s:1s] @ 10)", 0, 10, 32)]
    // As before on the right, while the 2 results of the left wait.
    [InlineData("rate(bigmetric[10s:1s] @ 10) + rate(bigmetric[10s:1s] @ 30)", 0, 10, 34)]
    // 40 of the subquery from 0 s to 20 s, 10 in a window, 6 results.
    [InlineData("rate(bigmetric[10s:1s]) + rate(bigmetric[10s:1s] @ 30)", 10, 20, 56)]
    // The innermost is still the most: what stands around it repeats its 2 results.
    [InlineData("rate(rate(bigmetric[10s:1s] @ 10)[100s:25s] @ 1000)[100s:20s] @ 2000", 10, 10, 32)]
    [InlineData("rate(rate(bigmetric[10s:1s] @ 10)[100s:25s] @ 1000)[17s:1s] @ 2000", 10, 10, 34)]
    public void The_peak_is_what_is_held_at_once(string query, int from, int to, long peak)
    {
        Assert.Equal(peak, Ask(query, from, to, peak).Statistics.PeakSamples);
        var failure = Assert.Throws<QueryException>(() => Ask(query, from, to, peak - 1));
        Assert.Equal((QueryErrorKind.Execution, TooMany), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("metric", 21, 21, 1, 1)]
    [InlineData("metric[60s]", 201, 201, 1, 6)]
    [InlineData("metric[60s:5s]", 201, 201, 1, 12)]
    [InlineData("max_over_time(metric[60s:5s])", 201, 201, 1, 12)]
    [InlineData("metric + metric", 201, 201, 1, 2)]
    [InlineData("metric", 201, 216, 4, 4)]
    [InlineData("timestamp(metric)", 201, 216, 4, 4)]
    [InlineData("max_over_time(metric[60s])", 201, 216, 4, 24)]
    [InlineData("sum(max_over_time(bigmetric[60s]))", 201, 201, 1, 12)]
    // Evaluated once, but each step uses it.
    [InlineData("max_over_time(metric[60s] @ 60)", 201, 216, 4, 24)]
    // A parameter is evaluated once.
    [InlineData("quantile_over_time(scalar(metric), metric[60s])", 201, 201, 1, 7)]
    [InlineData("histogram_quantiles(metric, \"q\", scalar(metric))", 201, 201, 1, 2)]
    public void Each_step_counts_the_samples_that_it_uses(string query, int from, int to, int steps, long total)
    {
        var statistics = Ask(query, from, to, 1_000).Statistics;
        Assert.Equal(total, statistics.TotalSamples);
        Assert.Equal(steps, statistics.SamplesPerStep.Count);
        Assert.Equal(total, statistics.SamplesPerStep.Sum(step => step.Samples));
        Assert.Equal(from * 1000L, statistics.SamplesPerStep[0].TimestampMs);
    }

    [Fact]
    public void Columns_that_would_be_too_large_are_refused()
    {
        var engine = new PromEngine(new PromEngineOptions { MaxBytes = 1_000 }, TimeProvider.System);
        Assert.Single(((VectorValue)engine.Instant(_store, "metric", 0, null, default).Value).Samples);
        var failure = Assert.Throws<QueryException>(() => engine.Range(_store, "metric", 0, 1_000_000, 1_000, null, default));
        Assert.Equal("query processing would hold more than 1000 bytes in memory in query execution", failure.Message);
    }

    [Fact]
    public void A_cancelled_query_ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var engine = new PromEngine(new PromEngineOptions(), TimeProvider.System);
        Assert.Equal(QueryErrorKind.Canceled, Assert.Throws<QueryException>(
            () => engine.Instant(_store, "rate(metric[1m])", 0, null, cancelled.Token)).Kind);
    }

    private QueryResult Ask(string query, int from, int to, long maxSamples)
    {
        var engine = new PromEngine(new PromEngineOptions { MaxSamples = maxSamples, PerStepStatistics = true }, TimeProvider.System);
        return from == to ? engine.Instant(_store, query, from * 1000L, null, default)
            : engine.Range(_store, query, from * 1000L, to * 1000L, 5_000, null, default);
    }
}
