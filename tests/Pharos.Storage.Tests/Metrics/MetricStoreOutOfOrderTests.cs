using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreOutOfOrderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with
    {
        BlockDuration = TimeSpan.FromMinutes(10),
        OutOfOrderWindow = TimeSpan.FromMinutes(30),
    };

    [Fact]
    public async Task The_window_decides_what_becomes_of_a_sample_that_is_out_of_order()
    {
        await using var store = Some.Open(Options);
        Assert.Equal(AppendResult.Ok, Append(store, 60, 1));
        Assert.Equal(AppendResult.Ok, Append(store, 30, 2));
        Assert.Equal(AppendResult.SameAsStored, Append(store, 30, 2));
        Assert.Equal(AppendResult.DuplicateTimestamp, Append(store, 30, 3));
        Assert.Equal(AppendResult.TooOld, Append(store, 29, 2));
        Assert.Equal(AppendResult.SameAsStored, Append(store, 60, 1));
        Assert.Equal(AppendResult.DuplicateTimestamp, Append(store, 60, 2));
        Assert.Equal([30L, 60L], Times(store));

        // The window may change at a reload.
        store.Reconfigure(Options with { OutOfOrderWindow = TimeSpan.Zero });
        Assert.Equal(AppendResult.OutOfOrder, Append(store, 45, 1));
        store.Reconfigure(Options with { OutOfOrderWindow = TimeSpan.FromHours(2) });
        Assert.Equal(AppendResult.Ok, Append(store, 1, 1));
        Assert.Equal([1L, 30L, 60L], Times(store));
    }

    [Fact]
    public async Task Samples_may_come_in_any_order_within_a_batch()
    {
        await using var store = Some.Open(Options);
        using (var appender = store.Appender())
        {
            ulong reference = 0;
            foreach (var minute in new[] { 9, 3, 7, 1, 12, 8, 3 })
            {
                appender.Append(ref reference, Some.Series("m"), minute * Some.MinuteMs, minute);
            }
            appender.Commit();
        }
        Assert.Equal([1L, 3L, 7L, 8L, 9L, 12L], Times(store));
    }

    [Fact]
    public async Task A_late_sample_where_the_newest_one_of_the_batch_before_was_does_not_hide_that_the_next_is_late_too()
    {
        await using var store = Some.Open(Options);
        Append(store, 20, 20);
        using (var appender = store.Appender())
        {
            ulong reference = 0;
            foreach (var minute in new[] { 5, 6, 7, 21 })
            {
                Assert.Equal(AppendResult.Ok, appender.Append(ref reference, Some.Series("m"), minute * Some.MinuteMs, minute));
            }
            appender.Commit();
        }
        Assert.Equal([5L, 6L, 7L, 20L, 21L], Times(store));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task What_was_accepted_is_kept_when_others_were_faster_or_its_window_was_sealed(int windowMinutes)
    {
        var options = Options with { OutOfOrderWindow = TimeSpan.FromMinutes(windowMinutes) };
        await using (var store = Some.Open(options))
        {
            using var appender = store.Appender();
            ulong reference = 0;
            Assert.Equal(AppendResult.Ok, appender.Append(ref reference, Some.Series("m"), 10 * Some.MinuteMs, 10));
            Append(store, 12, 12);
            appender.Commit();
            Assert.Equal([10L, 12L], Times(store));
            Assert.Equal(AppendResult.Ok, appender.Append(ref reference, Some.Series("m"), 13 * Some.MinuteMs, 13));
            store.AppendOne(Some.Series("other"), 60 * Some.MinuteMs, 1);
            store.RunMaintenance();
            Assert.True(store.Head.MinValidMs > 13 * Some.MinuteMs);
            appender.Commit();
            Assert.Equal([10L, 12L, 13L], Times(store));
        }
        await using (var reopened = Some.Open(options))
        {
            Assert.Equal([10L, 12L, 13L], Times(reopened));
        }
    }

    [Fact]
    public async Task What_is_sent_again_after_it_was_deleted_is_there()
    {
        await using (var store = Some.Open(Options))
        {
            for (var minute = 40; minute < 50; minute++)
            {
                Append(store, minute, minute);
            }
            Assert.Equal(AppendResult.Ok, Append(store, 35, 35));
            store.Delete([Some.Named("m")], long.MinValue, long.MaxValue, CancellationToken.None);
            Assert.Empty(store.Dump());
            Assert.Equal(0, store.Head.LateCount);
            foreach (var minute in new[] { 49, 35, 44, 36 })
            {
                Assert.Equal(AppendResult.Ok, Append(store, minute, minute));
            }
            Assert.Equal([35L, 36L, 44L, 49L], Times(store));
            store.Reconfigure(Options with { OutOfOrderWindow = TimeSpan.Zero });
            Assert.Equal(AppendResult.OutOfOrder, Append(store, 48, 48));
        }
        await using (var reopened = Some.Open(Options))
        {
            Assert.Equal([35L, 36L, 44L, 49L], Times(reopened));
            Append(reopened, 90, 90);
            reopened.RunMaintenance();
            Assert.Equal([35L, 36L, 44L, 49L, 90L], Times(reopened));
        }
    }

    [Fact]
    public async Task Late_samples_survive_a_restart_and_are_merged_into_the_blocks()
    {
        var expected = Enumerable.Range(0, 60).Select(minute => (long)minute).ToArray();
        await using (var store = Some.Open(Options))
        {
            for (var minute = 0; minute < 60; minute += 2)
            {
                Append(store, minute, minute);
            }
            for (var minute = 59; minute > 28; minute -= 2)
            {
                Assert.Equal(AppendResult.Ok, Append(store, minute, minute));
            }
            store.Reconfigure(Options with { OutOfOrderWindow = TimeSpan.FromHours(2) });
            store.RunMaintenance();

            // These windows are sealed.
            for (var minute = 1; minute < 29; minute += 2)
            {
                Assert.True(minute * Some.MinuteMs < store.Head.MinValidMs);
                Assert.Equal(AppendResult.Ok, Append(store, minute, minute));
            }
            Assert.Equal(expected, Times(store));
        }
        await using (var store = Some.Open(Options))
        {
            Assert.Equal(expected, Times(store));
            Assert.True(store.Head.LateCount >= 14);
            Append(store, 90, 90);
            store.RunMaintenance();
            Assert.Equal([.. expected, 90], Times(store));
            Assert.Equal(0, store.Head.LateCount);
            for (var i = 1; i < store.View.Blocks.Length; i++)
            {
                Assert.True(store.View.Blocks[i].Meta.MinTimeMs >= store.View.Blocks[i - 1].Meta.MaxTimeMs);
            }
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal([.. expected, 90], Times(reopened));
        Assert.Equal(0, reopened.Head.LateCount);
    }

    [Fact]
    public async Task Late_samples_that_are_not_sealed_stand_in_the_checkpoint()
    {
        await using (var store = Some.Open(Options))
        {
            for (var minute = 0; minute < 20; minute += 2)
            {
                Append(store, minute, minute);
            }
            Append(store, 17, 17);
            store.RunMaintenance();
            Assert.Empty(Directory.GetFiles(_directory.File("wal"), "00000001.wal"));
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 18], Times(reopened));
    }

    [Fact]
    public async Task An_open_view_does_not_see_late_samples_of_later_commits()
    {
        await using var store = Some.Open(Options);
        Append(store, 10, 1);
        Append(store, 5, 1);
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        Append(store, 4, 1);
        var samples = new SampleBuffer();
        querier.Select([], CancellationToken.None)[0].Read(long.MinValue, long.MaxValue, samples);
        Assert.Equal(2, samples.Count);
        Assert.Equal([4L, 5L, 10L], Times(store));
    }

    [Fact]
    public async Task A_histogram_behind_a_late_one_knows_nothing_of_it()
    {
        await using var store = Some.Open(Options);
        foreach (var minute in new[] { 1, 2, 4, 3 })
        {
            var histogram = Some.Histogram(0, minute, minute);
            store.AppendOne(Some.Series("m"), new SeriesSample(minute * Some.MinuteMs, histogram.Sum, histogram, 0));
        }
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        var samples = new SampleBuffer();
        querier.Select([], CancellationToken.None)[0].Read(long.MinValue, long.MaxValue, samples);
        Assert.Equal([CounterResetHint.Unknown, CounterResetHint.NotCounterReset, CounterResetHint.Unknown,
            CounterResetHint.Unknown], samples.Histograms.ToArray().Select(histogram => histogram!.ResetHint));
    }

    private static AppendResult Append(MetricStore store, int minute, double value) =>
        store.AppendOne(Some.Series("m"), minute * Some.MinuteMs, value);

    private static long[] Times(MetricStore store)
    {
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        var samples = new SampleBuffer();
        querier.Select([], CancellationToken.None)[0].Read(long.MinValue, long.MaxValue, samples);
        return [.. samples.Timestamps.ToArray().Select(time => time / Some.MinuteMs)];
    }
}
