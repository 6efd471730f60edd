using Pharos.Query.PromQL;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>How histograms, start times and details of annotations come out of the engine.</summary>
public sealed class HistogramAnswerTests : IAsyncLifetime
{
    private readonly MetricStore _store = MetricStore.OpenInMemory();
    private readonly PromEngine _engine = new(new PromEngineOptions { UseStartTimestamps = true }, TimeProvider.System);

    public ValueTask InitializeAsync()
    {
        using var appender = _store.Appender();
        var reference = 0UL;
        var mixed = LabelSet.From(("__name__", "mixed"));
        appender.Append(ref reference, mixed, 0, 1);
        appender.Append(ref reference, mixed, 60_000, Of(4));
        appender.Append(ref reference, mixed, 120_000, 3);
        reference = 0;
        appender.Append(ref reference, LabelSet.From(("__name__", "started_total")), 60_000, 5, startTimeMs: 30_000);
        foreach (var (bound, counts) in new[] { ("1", new[] { 5.0, 9 }), ("10", [3, 6]), ("+Inf", [8, 8.5]) })
        {
            reference = 0;
            for (var i = 0; i < counts.Length; i++)
            {
                appender.Append(ref reference, LabelSet.From(("__name__", "odd_bucket"), ("le", bound)), i * 60_000, counts[i]);
            }
        }
        appender.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void A_series_may_be_numbers_and_histograms()
    {
        var instant = Assert.Single(((VectorValue)_engine.Instant(_store, "mixed", 60_000, null, default).Value).Samples);
        Assert.Equal((0, 4.0), (instant.Value, instant.Histogram!.Count));
        foreach (var value in new[]
        {
            _engine.Range(_store, "mixed", 0, 120_000, 60_000, null, default).Value,
            _engine.Instant(_store, "mixed[3m]", 120_000, null, default).Value,
        })
        {
            var series = Assert.Single(((MatrixValue)value).Series);
            Assert.Equal([0, 120_000], series.TimestampsMs);
            Assert.Equal([1, 3], series.Values);
            Assert.Equal((60_000, 4.0), Assert.Single(series.Histograms.Select(point => (point.TimestampMs, point.Histogram.Count))));
        }
    }

    [Fact]
    public void One_sample_with_its_start_time_is_an_increase()
    {
        Assert.Equal(5, Assert.Single(Vector(_engine, "increase(started_total[1m])")).Value);
        Assert.Equal(30, Assert.Single(Vector(_engine, "start_timestamp(started_total)")).Value);
        var without = new PromEngine(new PromEngineOptions(), TimeProvider.System);
        Assert.Empty(Vector(without, "increase(started_total[1m])"));
        Assert.Empty(Vector(without, "start_timestamp(started_total)"));
    }

    [Fact]
    public void A_histogram_weighs_as_much_as_it_holds() =>
        // 176 bytes, a span and a bucket of 8 each.
        Assert.Equal(12, _engine.Instant(_store, "mixed", 60_000, null, default).Statistics.PeakSamples);

    [Fact]
    public void Raised_buckets_are_described_over_all_steps()
    {
        var result = _engine.Range(_store, "histogram_quantile(0.5, odd_bucket)", 0, 60_000, 60_000, null, default);
        Assert.Equal("PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see " +
            "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), from buckets 10 to +Inf, " +
            "with a max diff of 3, over 2 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z (1:25)",
            Assert.Single(result.Infos));
    }

    [Theory]
    [InlineData("count_values(\"a\\xc5z\", mixed)", "invalid label name \"a\\xc5z\"")]
    [InlineData("info(up, {__name__=\"mixed\"})", "this should be an info metric, with float samples: mixed")]
    public void Failures_bear_Prometheus_texts(string query, string message) =>
        Assert.Equal(message, Assert.Throws<QueryException>(() => Vector(_engine, query)).Message);

    private IReadOnlyList<VectorSample> Vector(PromEngine engine, string query) =>
        ((VectorValue)engine.Instant(_store, query, 60_000, null, default).Value).Samples;

    private static NativeHistogram Of(double count) => new()
    {
        Count = count,
        Sum = count,
        PositiveSpans = [new BucketSpan(0, 1)],
        PositiveBuckets = [count],
    };
}
