using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.PromQL;
using Pharos.Query.PromQL.Caching;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Query.Tests.PromQL.Downsampling;

/// <summary>Reduced samples answer what all samples answer, as long as there are all, and afterwards.</summary>
public sealed class DownsamplingTests : IAsyncLifetime
{
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;
    private const long ScrapeMs = 2 * MinuteMs;
    private const long IntervalMs = 5 * MinuteMs;
    private const int Hours = (24 * 3) + 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-downsampling-").FullName;
    private readonly Meter _meter = new("test");
    private readonly PromEngine _engine = new(new PromEngineOptions(), TimeProvider.System);
    private readonly MetricStore _all = MetricStore.OpenInMemory();
    private readonly MetricStoreOptions _options;
    private MetricStore _store;

    public DownsamplingTests()
    {
        _options = new MetricStoreOptions
        {
            Directory = _folder,
            RetentionTime = TimeSpan.Zero,
            OutOfOrderWindow = TimeSpan.FromDays(10),
            Fsync = FsyncPolicy.None,
            DownsamplingRules =
            [
                new DownsamplingRule([], TimeSpan.FromHours(3), TimeSpan.FromMilliseconds(IntervalMs)) { Keep = TimeSpan.FromDays(400) },
                new DownsamplingRule([], TimeSpan.FromHours(6), TimeSpan.FromHours(1)) { Keep = TimeSpan.FromDays(400) },
            ],
        };
        _store = Open();
    }

    public ValueTask InitializeAsync()
    {
        foreach (var store in new[] { _all, _store })
        {
            var random = new Random(11);
            for (var series = 0; series < 3; series++)
            {
                Feed(store, series, random);
            }
        }
        _store.RunMaintenance();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _all.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("gauge", 5)]
    [InlineData("gauge offset 10m", 5)]
    [InlineData("timestamp(gauge)", 10)]
    [InlineData("min_over_time(gauge[10m])", 5)]
    [InlineData("max_over_time(gauge[1h])", 10)]
    [InlineData("first_over_time(gauge[15m])", 5)]
    [InlineData("last_over_time(gauge[2h])", 60)]
    [InlineData("present_over_time(gauge[10m])", 5)]
    [InlineData("absent_over_time(gauge{i=\"2\"}[10m])", 5)]
    [InlineData("count_over_time(gauge[10m])", 10)]
    [InlineData("count_over_time(requests_total[2h])", 60)]
    [InlineData("sum_over_time(gauge[2h])", 120)]
    [InlineData("sum by (i) (sum_over_time(requests_total[30m]))", 30)]
    [InlineData("rate(requests_total[10m])", 5)]
    [InlineData("increase(requests_total[2h])", 60)]
    [InlineData("sum(rate(requests_total[1h] offset 5m))", 15)]
    [InlineData("max_over_time(rate(requests_total[10m])[1h:5m])", 60)]
    [InlineData("histogram_sum(latency)", 5)]
    [InlineData("histogram_count(increase(latency[10m]))", 5)]
    [InlineData("histogram_quantile(0.9, sum(rate(latency[2h])))", 60)]
    [InlineData("histogram_fraction(0, 2, last_over_time(latency[1h]))", 30)]
    [InlineData("count_over_time(latency[10m])", 10)]
    public void Aligned_windows_answer_the_same_before_and_after_all_samples_have_left(string query, int stepMinutes)
    {
        var expected = Ask(_all, query, stepMinutes, 0);
        Assert.NotEqual("", expected);
        Assert.Equal(expected, Ask(_store, query, stepMinutes, 0));
        LetAllLeave();
        Assert.Equal(expected, Ask(_store, query, stepMinutes, 0));
    }

    [Theory]
    [InlineData("gauge", 5, 1)]
    [InlineData("count_over_time(gauge[10m])", 7, 0)]
    [InlineData("sum_over_time(gauge[12m])", 5, 0)]
    [InlineData("avg_over_time(gauge[10m])", 5, 0)]
    [InlineData("histogram_count(sum_over_time(latency[10m]))", 5, 0)]
    [InlineData("histogram_sum(avg_over_time(latency[10m]))", 5, 0)]
    [InlineData("changes(gauge[10m])", 5, 0)]
    [InlineData("rate(requests_total[5m])", 5, 0)]
    [InlineData("resets(requests_total[10m])", 5, 0)]
    public void All_samples_answer_where_reduced_ones_do_not_do(string query, int stepMinutes, int shiftMinutes) =>
        Assert.Equal(Ask(_all, query, stepMinutes, shiftMinutes), Ask(_store, query, stepMinutes, shiftMinutes));

    /// <summary>What is new of a range may be one step that fits an interval, where the range as a whole does not.</summary>
    [Fact]
    public void An_answer_that_was_kept_goes_on_with_the_bits_of_the_whole()
    {
        const string query = "sum_over_time(fraction[10m])";
        using (var appender = _store.Appender())
        {
            ulong reference = 0;
            for (var i = 1; i * ScrapeMs < Hours * HourMs; i++)
            {
                appender.Append(ref reference, LabelSet.From(("__name__", "fraction")), i * ScrapeMs, i % 7 * 0.1);
            }
            appender.Commit();
        }
        _store.RunMaintenance();
        var cache = new RangeCache(_engine, 1 << 20, _meter);
        for (var endMs = 19 * HourMs; endMs < 21 * HourMs; endMs += MinuteMs)
        {
            var kept = cache.Range(_store, query, 18 * HourMs, endMs, MinuteMs, null, CancellationToken.None);
            var whole = _engine.Range(_store, query, 18 * HourMs, endMs, MinuteMs, null, CancellationToken.None);
            Assert.Equal(((MatrixValue)whole.Value).Series[0].Values, ((MatrixValue)kept.Value).Series[0].Values);
        }
    }

    [Fact]
    public void The_coarsest_interval_that_fits_is_read()
    {
        using var querier = _store.Querier(0, Hours * HourMs);
        IReadOnlyList<LabelMatcher> gauge = [new(Storage.Model.MatchType.Equal, "__name__", "gauge")];
        int Samples(ReadHints hints) => querier.SelectDownsampled(gauge, hints, CancellationToken.None)!.Sum(static series => Count(series));
        var all = querier.Select(gauge, CancellationToken.None).Sum(static series => Count(series));
        var minutes = Samples(new ReadHints(IntervalMs, 2 * IntervalMs, SampleAggregate.Count));
        var hours = Samples(new ReadHints(HourMs, 2 * HourMs, SampleAggregate.Count));
        Assert.True(minutes < all * 2 / 3 && hours < minutes / 2, $"{all}, {minutes}, {hours}");
        Assert.Null(querier.SelectDownsampled(gauge, new ReadHints(MinuteMs, HourMs, SampleAggregate.Points), CancellationToken.None));
        Assert.Null(querier.SelectDownsampled(gauge, new ReadHints(IntervalMs, IntervalMs, SampleAggregate.Points), CancellationToken.None));
    }

    [Fact]
    public async Task What_comes_late_or_is_backfilled_or_deleted_shows_at_once_and_after_a_restart()
    {
        const string query = "count_over_time(gauge[10m])";
        foreach (var store in new[] { _all, _store })
        {
            store.Delete([new(Storage.Model.MatchType.Equal, "i", "1")], 30 * HourMs, 40 * HourMs, CancellationToken.None);
        }
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));
        var labels = LabelSet.From(("__name__", "gauge"), ("i", "late"));
        foreach (var store in new[] { _all, _store })
        {
            ulong reference = 0;
            using var appender = store.Appender();
            appender.Append(ref reference, labels, 20 * HourMs, 1);
            appender.Commit();
        }
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));
        await _store.DisposeAsync();
        _store = Open();
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));
        _store.RunMaintenance();
        _store.RunMaintenance();
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));

        using (var writer = BackfillBlockWriter.Open(_store))
        {
            var samples = new SampleBuffer();
            samples.Add((20 * HourMs) + MinuteMs, 5);
            writer.Add(labels, samples);
            writer.Finish();
        }
        using (var appender = _all.Appender())
        {
            ulong reference = 0;
            appender.Append(ref reference, labels, (20 * HourMs) + MinuteMs, 5);
            appender.Commit();
        }
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));
        _store.RunMaintenance();
        Assert.Equal(Ask(_all, query, 5, 0), Ask(_store, query, 5, 0));
    }

    [Fact]
    public void What_is_left_in_reduced_form_can_be_named_and_deleted()
    {
        LetAllLeave();
        using (var querier = _store.Querier(0, 20 * HourMs))
        {
            Assert.Equal(["0", "1", "2"], querier.LabelValues("i", [], CancellationToken.None));
            Assert.Equal(["__name__", "i"], querier.LabelNames([], CancellationToken.None));
        }
        _store.Delete([new(Storage.Model.MatchType.Equal, "i", "1")], 0, 10 * HourMs, CancellationToken.None);
        _all.Delete([new(Storage.Model.MatchType.Equal, "i", "1")], 0, 10 * HourMs, CancellationToken.None);
        Assert.Equal(Ask(_all, "count_over_time(gauge[10m])", 5, 0), Ask(_store, "count_over_time(gauge[10m])", 5, 0));
    }

    private static int Count(IStoredSeries series)
    {
        var samples = new SampleBuffer();
        series.Read(0, long.MaxValue, samples);
        return samples.Count;
    }

    /// <summary>A counter that is scraped every two minutes and begins anew now and then; a gauge of whole numbers that comes when it wants, with
    /// gaps and staleness markers.</summary>
    private static void Feed(MetricStore store, int series, Random random)
    {
        using var appender = store.Appender();
        ulong counter = 0;
        ulong gauge = 0;
        ulong latency = 0;
        var total = 0.0;
        double[] buckets = [0, 0, 0];
        for (var atMs = (series * 1000L) + 7_000; atMs < Hours * HourMs; atMs += ScrapeMs)
        {
            total = random.Next(500) == 0 ? random.Next(5) : total + random.Next(50);
            appender.Append(ref counter, LabelSet.From(("__name__", "requests_total"), ("i", $"{series}")), atMs, total);
            buckets = random.Next(300) == 0 ? [1, 0, 1] : [buckets[0] + random.Next(4), buckets[1] + random.Next(9), buckets[2] + random.Next(3)];
            appender.Append(ref latency, LabelSet.From(("__name__", "latency"), ("i", $"{series}")), atMs, new NativeHistogram
            {
                // The resolution falls, and rises again, from time to time.
                Schema = atMs / (7 * HourMs) % 2 == 0 ? 1 : 0,
                ZeroThreshold = 0.001,
                Count = buckets.Sum(),
                Sum = buckets.Sum() * 1.5,
                PositiveSpans = [new BucketSpan(0, buckets.Length)],
                PositiveBuckets = [.. buckets],
                HasIntegerCounts = true,
            });
            if (random.Next(10) > 0 && atMs / HourMs % 9 != series)
            {
                var value = random.Next(40) switch
                {
                    0 => StaleMarker.Value,
                    1 => double.NaN,
                    _ => random.Next(100),
                };
                appender.Append(ref gauge, LabelSet.From(("__name__", "gauge"), ("i", $"{series}")), atMs + random.Next(90_000), value);
            }
        }
        appender.Commit();
    }

    private MetricStore Open() => MetricStore.OpenWithoutUpkeep(_options, TimeProvider.System, NullLogger.Instance, _meter);

    private void LetAllLeave()
    {
        _store.Reconfigure(_options with { RetentionTime = TimeSpan.FromHours(1) });
        _store.RunMaintenance();
        Assert.True(_store.Status(1).Blocks is [] or [{ MinTimeMs: > 60 * HourMs }, ..]);
    }

    /// <summary>Up to where windows are reduced: three whole days less the hours that a rule waits.</summary>
    private string Ask(MetricStore store, string query, int stepMinutes, int shiftMinutes)
    {
        var shiftMs = shiftMinutes * MinuteMs;
        var result = _engine.Range(
            store, query, (4 * HourMs) + shiftMs, (70 * HourMs) + shiftMs, stepMinutes * MinuteMs, null, CancellationToken.None);
        return string.Join('\n', ((MatrixValue)result.Value).Series.Select(static series => $"{series.Labels} "
            + string.Join(' ', series.TimestampsMs.Zip(series.Values, static (time, value) => $"{time}:{value:R}"))));
    }
}
