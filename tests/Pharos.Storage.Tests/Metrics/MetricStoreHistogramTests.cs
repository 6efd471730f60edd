using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Histograms and start times through every place that a sample lives in.</summary>
public sealed class MetricStoreHistogramTests : IDisposable
{
    private static readonly LabelSet Series = Some.Series("h");

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task A_histogram_tells_what_became_of_it()
    {
        await using var store = MetricStore.OpenInMemory();
        Assert.Equal(AppendResult.Ok, Append(store, 1000, Some.Histogram(0, 1, 2)));
        Assert.Equal(AppendResult.SameAsStored, Append(store, 1000, Some.Histogram(0, 1, 2)));
        Assert.Equal(AppendResult.DuplicateTimestamp, Append(store, 1000, Some.Histogram(0, 1, 3)));
        Assert.Equal(AppendResult.DuplicateTimestamp, store.AppendOne(Series, 1000, 4.5));
        Assert.Equal(AppendResult.OutOfOrder, Append(store, 999, Some.Histogram(0, 1, 2)));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Series, 2000, 7));
        Assert.Equal(AppendResult.DuplicateTimestamp, Append(store, 2000, Some.Histogram(0, 1, 2)));
        Assert.Equal(AppendResult.InvalidHistogram, Append(store, 3000, new NativeHistogram { PositiveBuckets = [1] }));
    }

    [Fact]
    public async Task Hints_come_back_as_from_the_chunks_of_Prometheus()
    {
        await using var store = MetricStore.OpenInMemory();
        var appended = new (NativeHistogram? Histogram, CounterResetHint Expected)[]
        {
            (Some.Histogram(0, 1, 2), CounterResetHint.Unknown),
            (Some.Histogram(0, 1, 3), CounterResetHint.NotCounterReset),
            (Some.Histogram(-1, 1, 1, 3), CounterResetHint.NotCounterReset),
            (Some.Histogram(0, 1, 3), CounterResetHint.Unknown),
            (Hinted(CounterResetHint.CounterReset, 5, 5), CounterResetHint.Unknown),
            (Some.Histogram(0, 5, 6), CounterResetHint.NotCounterReset),
            (NativeHistogram.Stale, CounterResetHint.Unknown),
            (Some.Histogram(0, 6, 6), CounterResetHint.Unknown),
            (Some.Histogram(0, 6, 7), CounterResetHint.NotCounterReset),
            (null, default),
            (Some.Histogram(0, 9, 9), CounterResetHint.Unknown),
            (Hinted(CounterResetHint.Gauge, 3, 3), CounterResetHint.Gauge),
            (Hinted(CounterResetHint.Gauge, 4, 3), CounterResetHint.Gauge),
            (Some.Histogram(0, 9, 9), CounterResetHint.Unknown),
            (Hinted(CounterResetHint.NotCounterReset, 1, 1), CounterResetHint.Unknown),
            (Hinted(CounterResetHint.Unknown, 1, 1), CounterResetHint.NotCounterReset),
        };
        for (var i = 0; i < appended.Length; i++)
        {
            var result = appended[i].Histogram is { } histogram
                ? Append(store, i * 1000, histogram) : store.AppendOne(Series, i * 1000, 1);
            Assert.Equal(AppendResult.Ok, result);
        }
        Assert.Equal(appended.Select(sample => sample.Expected), Hints(store));
    }

    [Fact]
    public async Task Hints_stay_the_same_over_a_restart_from_a_checkpoint_and_in_blocks()
    {
        CounterResetHint[] before;
        await using (var store = Some.Open(Options))
        {
            for (var minute = 0; minute < 33; minute++)
            {
                Append(store, minute * Some.MinuteMs, minute % 5 == 4
                    ? Hinted(CounterResetHint.CounterReset, minute, minute) : Some.Histogram(0, minute, minute));
            }
            before = Hints(store);
            Assert.Contains(CounterResetHint.NotCounterReset, before);
            store.RunMaintenance();
            Assert.True(store.View.Blocks.Length > 0);
            Assert.Equal(before, Hints(store));
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(before, Hints(reopened));
    }

    [Fact]
    public async Task Start_times_survive_sealing_and_restarts()
    {
        var model = new NaiveStore();
        await using (var store = Some.Open(Options))
        {
            for (var minute = 0; minute < 45; minute++)
            {
                var sample = new SeriesSample(minute * Some.MinuteMs, minute, null, minute < 20 ? 0 : minute / 10);
                model.Append(Series, sample);
                store.AppendOne(Series, sample);
                if (minute == 30)
                {
                    store.RunMaintenance();
                }
            }
            Assert.Equal(model.Dump(), store.Dump());
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(model.Dump(), reopened.Dump());
    }

    private static AppendResult Append(MetricStore store, long timestampMs, NativeHistogram histogram) =>
        store.AppendOne(Series, new SeriesSample(timestampMs, histogram.Sum, histogram, 0));

    private static NativeHistogram Hinted(CounterResetHint hint, params double[] buckets) => new()
    {
        Count = buckets.Sum(),
        Sum = 1,
        ZeroThreshold = 0.001,
        PositiveSpans = [new BucketSpan(0, buckets.Length)],
        PositiveBuckets = [.. buckets],
        HasIntegerCounts = true,
        ResetHint = hint,
    };

    private static CounterResetHint[] Hints(MetricStore store)
    {
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        var samples = new SampleBuffer();
        Assert.Single(querier.Select([], CancellationToken.None)).Read(long.MinValue, long.MaxValue, samples);
        return [.. samples.Histograms.ToArray().Select(histogram => histogram?.ResetHint ?? default)];
    }
}
