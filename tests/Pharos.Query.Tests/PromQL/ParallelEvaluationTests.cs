using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>However many cores a query may use, it answers the same.</summary>
public sealed class ParallelEvaluationTests : IAsyncLifetime
{
    private const int Series = 500;

    private readonly MetricStore _store = MetricStore.OpenInMemory();

    public ValueTask InitializeAsync()
    {
        using var appender = _store.Appender();
        for (var i = 0; i < Series; i++)
        {
            // Every name has its own annotation.
            var labels = LabelSet.From(("__name__", $"m{i % 7}"), ("i", $"{i}"));
            var reference = 0UL;
            for (var t = 0; t < 40; t++)
            {
                appender.Append(ref reference, labels, t * 15_000, (i * 31) + (t * t % 17));
            }
        }
        appender.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("rate({__name__=~\"m.\"}[5m])")]
    [InlineData("sum by (__name__) ({__name__=~\"m.\"})")]
    [InlineData("{__name__=~\"m.\"} smoothed")]
    [InlineData("quantile_over_time(2, {__name__=~\"m.\"}[1m])")]
    public void The_answer_is_the_same_on_one_core_and_on_many(string query)
    {
        var one = Ask(query, 1, long.MaxValue);
        var many = Ask(query, 7, long.MaxValue);
        Assert.Equal(Text(one), Text(many));
        Assert.Equal(one.Warnings, many.Warnings);
        Assert.Equal(one.Infos, many.Infos);
        Assert.Equal(one.Statistics.PeakSamples, many.Statistics.PeakSamples);
        Assert.Equal(one.Statistics.SamplesPerStep, many.Statistics.SamplesPerStep);
    }

    [Fact]
    public void The_limit_does_not_depend_on_the_cores()
    {
        const string query = "rate({__name__=~\"m.\"}[5m])";
        var peak = Ask(query, 1, long.MaxValue).Statistics.PeakSamples;
        foreach (var cores in new[] { 1, 4 })
        {
            Assert.Equal(peak, Ask(query, cores, peak).Statistics.PeakSamples);
            Assert.Contains("too many samples", Assert.Throws<QueryException>(() => Ask(query, cores, peak - 1)).Message,
                StringComparison.Ordinal);
        }
    }

    private QueryResult Ask(string query, int cores, long maxSamples) =>
        new PromEngine(new PromEngineOptions
        {
            MaxParallelism = cores,
            MaxSamples = maxSamples,
            PerStepStatistics = true,
        }, TimeProvider.System).Range(_store, query, 0, 600_000, 30_000, null, default);

    private static string Text(QueryResult result) => string.Join('\n', ((MatrixValue)result.Value).Series.Select(
        series => $"{series.Labels} {string.Join(' ', series.TimestampsMs)} {string.Join(' ', series.Values.Select(v => v.ToString("R")))}"));
}
