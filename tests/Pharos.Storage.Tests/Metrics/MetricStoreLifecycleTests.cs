using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreLifecycleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { Fsync = Wal.FsyncPolicy.None };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_head_is_sealed_by_windows_and_nothing_changes_for_readers()
    {
        await using var store = Some.Open(Options);
        var model = Feed(store, hours: 9);
        store.RunMaintenance();
        Assert.Equal(model.Dump(), store.Dump());
        Assert.Equal(model.Dump(Some.HourMs, 5 * Some.HourMs), store.Dump(Some.HourMs, 5 * Some.HourMs));
        Assert.Equal(6 * Some.HourMs, store.Head.MinValidMs);
        Assert.Equal(AppendResult.OutOfBounds, store.AppendOne(Some.Series("late"), (6 * Some.HourMs) - 1, 1));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("late"), 6 * Some.HourMs, 1));
    }

    [Fact]
    public async Task A_sample_from_the_future_does_not_seal_the_window_that_others_write_to()
    {
        await using var store = Some.Open(Options);
        var nowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        store.AppendOne(Some.Series("m"), nowMs, 1);
        store.AppendOne(Some.Series("ahead"), nowMs + (48 * Some.HourMs), 1);
        store.RunMaintenance();
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("m"), nowMs + 1, 2));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("new"), nowMs + 1, 2));
    }

    [Fact]
    public async Task Sealed_windows_leave_the_log_and_a_restart_finds_everything()
    {
        NaiveStore model;
        await using (var store = Some.Open(Options with { WalSegmentBytes = 10_000 }))
        {
            store.SetMetadata("m", new MetricMetadata("gauge", "how many", "bytes"));
            model = Feed(store, hours: 20);
            var before = store.WalSizeBytes();
            store.RunMaintenance();
            Assert.True(store.WalSizeBytes() < before / 2, $"{before} bytes before, {store.WalSizeBytes()} after");
            Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("m", "new"), 21 * Some.HourMs, 1));
            model.Append(Some.Series("m", "new"), 21 * Some.HourMs, 1);
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(model.Dump(), reopened.Dump());
        Assert.Equal(new MetricMetadata("gauge", "how many", "bytes"), reopened.Metadata["m"]);
        Assert.Equal(AppendResult.SameAsStored, reopened.AppendOne(Some.Series("m", "new"), 21 * Some.HourMs, 1));
    }

    [Fact]
    public async Task A_querier_that_is_open_while_its_samples_are_sealed_still_reads_them()
    {
        await using var store = Some.Open(Options);
        var model = Feed(store, hours: 9);
        using (var querier = store.Querier(long.MinValue, long.MaxValue))
        {
            store.RunMaintenance();
            var samples = new SampleBuffer();
            foreach (var series in querier.Select([], CancellationToken.None))
            {
                series.Read(long.MinValue, long.MaxValue, samples);
            }
            Assert.Equal(model.Dump().Sum(line => line.Split(' ').Count(word => char.IsAsciiDigit(word[0]))), samples.Count);
        }
        store.RunMaintenance();
        Assert.Equal(model.Dump(), store.Dump());
        Assert.Equal(6 * Some.HourMs, store.Status(10).MinTimeMs);
    }

    [Fact]
    public async Task Adjacent_blocks_are_merged_and_their_files_removed()
    {
        await using var store = Some.Open(Options);
        var model = Feed(store, hours: 40);
        store.RunMaintenance();
        Assert.Equal(model.Dump(), store.Dump());
        Assert.Equal(["0-24", "24-30", "30-36", "36-38"], store.View.Blocks.Select(block =>
            $"{block.Meta.MinTimeMs / Some.HourMs}-{block.Meta.MaxTimeMs / Some.HourMs}"));
        Assert.Equal(4, Directory.GetFiles(_directory.File("blocks")).Length);
    }

    [Fact]
    public async Task Sources_of_a_merge_that_a_crash_left_behind_are_removed_at_the_start()
    {
        NaiveStore model;
        await using (var store = Some.Open(Options))
        {
            model = Feed(store, hours: 8);
            store.RunMaintenance();
            foreach (var file in Directory.GetFiles(_directory.File("blocks")))
            {
                File.Copy(file, file + ".kept");
            }
            for (var minute = 8 * 60; minute < 12 * 60; minute += 10)
            {
                store.AppendOne(Some.Series("m", "0"), minute * Some.MinuteMs, minute);
                model.Append(Some.Series("m", "0"), minute * Some.MinuteMs, minute);
            }
            store.RunMaintenance();
        }
        foreach (var file in Directory.GetFiles(_directory.File("blocks"), "*.kept"))
        {
            File.Move(file, file[..^".kept".Length], overwrite: true);
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(model.Dump(), reopened.Dump());
    }

    [Fact]
    public async Task Retention_by_time_removes_whole_blocks()
    {
        await using var store = Some.Open(Options with { RetentionTime = TimeSpan.FromHours(10) });
        Feed(store, hours: 24);
        store.RunMaintenance();
        Assert.All(store.View.Blocks, block => Assert.True(block.Meta.MaxTimeMs > 13 * Some.HourMs));
        Assert.Empty(store.Dump(0, (12 * Some.HourMs) - 1));
        Assert.NotEmpty(store.Dump(14 * Some.HourMs, 16 * Some.HourMs));
    }

    [Fact]
    public async Task Retention_by_bytes_removes_the_oldest_blocks()
    {
        await using var store = Some.Open(Options with { RetentionBytes = 1 });
        Feed(store, hours: 24);
        store.RunMaintenance();
        Assert.Empty(store.View.Blocks);
        Assert.Empty(Directory.GetFiles(_directory.File("blocks")));
        Assert.NotEmpty(store.Dump());
    }

    [Fact]
    public async Task A_new_series_beyond_the_limit_is_refused_and_known_ones_go_on()
    {
        await using var store = Some.Open(Options with { MaxSeries = 2 });
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("a"), 1, 1));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("b"), 1, 1));
        Assert.Equal(AppendResult.SeriesLimit, store.AppendOne(Some.Series("c"), 1, 1));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("b"), 2, 1));
    }

    [Theory]
    [InlineData(2, 15 * 24, new[] { 2, 6, 24 })]
    [InlineData(2, 0, new[] { 2, 6, 24 })]
    [InlineData(2, 100, new[] { 2, 6 })]
    [InlineData(1, 15 * 24, new[] { 1, 3, 24 })]
    [InlineData(24, 15 * 24, new[] { 24 })]
    [InlineData(5, 15 * 24, new[] { 5, 15 })]
    public void Blocks_grow_to_a_day_and_never_cross_one(int blockHours, int retentionHours, int[] lengths) => Assert.Equal(
        lengths, BlockPlan.WindowLengths(blockHours * Some.HourMs, retentionHours * Some.HourMs).Select(length => (int)(length / Some.HourMs)));

    [Fact]
    public void Overlapping_blocks_are_merged_before_all_else()
    {
        var plan = BlockPlan.NextMerge([Meta(1, 0, 2), Meta(2, 1, 2), Meta(3, 2, 4)], [2, 6]);
        Assert.Equal([1, 2], plan.Select(meta => meta.Number));
    }

    [Fact]
    public void A_window_is_merged_when_it_is_full_or_over()
    {
        Assert.Empty(BlockPlan.NextMerge([Meta(1, 0, 2), Meta(2, 2, 4)], [2, 6]));
        Assert.Equal(3, BlockPlan.NextMerge([Meta(1, 0, 2), Meta(2, 2, 4), Meta(3, 4, 6)], [2, 6]).Count);
        Assert.Equal(2, BlockPlan.NextMerge([Meta(1, 0, 2), Meta(2, 2, 4), Meta(3, 6, 8)], [2, 6]).Count);
        Assert.Empty(BlockPlan.NextMerge([Meta(1, 0, 6), Meta(3, 6, 8)], [2, 6]));
    }

    private static MetricBlockMeta Meta(long number, long start, long end) => new(number, start, end, 1, 1, 1, 1, []);

    private static NaiveStore Feed(MetricStore store, int hours)
    {
        var model = new NaiveStore();
        for (var minute = 0; minute < hours * 60; minute += 10)
        {
            for (var number = 0; number < 3; number++)
            {
                var labels = Some.Series("m", number == 2 ? $"churn-{minute / 240}" : $"{number}");
                store.AppendOne(labels, minute * Some.MinuteMs, minute * number);
                model.Append(labels, minute * Some.MinuteMs, minute * number);
            }
        }
        return model;
    }
}
