using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Metrics;

public sealed class MetricStoreDeletionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly NaiveStore _model = new();

    public void Dispose() => _directory.Dispose();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task Deleted_samples_of_head_and_blocks_are_gone_at_once_and_after_a_restart()
    {
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, 45);
            store.RunMaintenance();
            Assert.NotEmpty(store.View.Blocks);
            Delete(store, "a", 5, 38);
            Delete(store, "b", 40, 500);
            Delete(store, "c", -100, 3);
            Assert.Equal(_model.Dump(), store.Dump());

            // What comes later is not in the range, however far that reaches.
            Feed(store, 45, 50);
            Assert.Equal(_model.Dump(), store.Dump());
        }
        await using (var store = Some.Open(Options))
        {
            Assert.Equal(_model.Dump(), store.Dump());
            store.CleanTombstones(CancellationToken.None);
            Assert.Equal(_model.Dump(), store.Dump());
            Assert.Empty(Directory.GetFiles(_directory.File("blocks"), "*.tombstones"));
            Feed(store, 50, 80);
            store.RunMaintenance();
            Assert.Equal(_model.Dump(), store.Dump());
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(_model.Dump(), reopened.Dump());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_series_that_has_nothing_left_is_named_nowhere(bool isSealed)
    {
        await using var store = Some.Open(Options);
        Feed(store, 0, 25);
        if (isSealed)
        {
            store.RunMaintenance();
        }
        store.Delete([new LabelMatcher(Model.MatchType.Equal, "instance", "a")], long.MinValue, long.MaxValue,
            CancellationToken.None);
        using var querier = store.Querier(long.MinValue, long.MaxValue);
        Assert.Equal(["b", "c"], querier.LabelValues("instance", [], CancellationToken.None));
        Assert.Equal(["b", "c"], querier.LabelValues("instance", [Some.Named("m")], CancellationToken.None));
        store.Delete([Some.Named("m")], long.MinValue, long.MaxValue, CancellationToken.None);
        Assert.Empty(querier.LabelNames([], CancellationToken.None));
        Assert.Empty(querier.Select([Some.Named("m")], CancellationToken.None));
        store.CleanTombstones(CancellationToken.None);
        Assert.Empty(store.View.Blocks);
        Assert.Empty(Directory.GetFiles(_directory.File("blocks")));
    }

    [Fact]
    public async Task A_store_in_memory_deletes_too()
    {
        await using var store = MetricStore.OpenInMemory();
        Feed(store, 0, 20);
        Delete(store, "a", 3, 9);
        store.CleanTombstones(CancellationToken.None);
        Assert.Equal(_model.Dump(), store.Dump());
        Assert.Throws<NotSupportedException>(() => store.Snapshot(false, CancellationToken.None));
    }

    [Fact]
    public async Task A_log_that_knows_a_series_only_by_its_number_after_all_of_it_was_deleted_is_still_read()
    {
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, 4);
            Delete(store, "a", -1, 100);
            store.AppendOne(Some.Series("x", "x"), 30 * Some.MinuteMs, 1);
            _model.Append(Some.Series("x", "x"), 30 * Some.MinuteMs, 1);
            Feed(store, 31, 32);
            store.RunMaintenance();
            Delete(store, "a", -1, 100);
            store.AppendOne(Some.Series("x", "x"), 70 * Some.MinuteMs, 1);
            _model.Append(Some.Series("x", "x"), 70 * Some.MinuteMs, 1);
            Feed(store, 71, 72);
            Assert.Equal(_model.Dump(), store.Dump());
        }
        await using var reopened = Some.Open(Options);
        Assert.Equal(_model.Dump(), reopened.Dump());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snapshot_opens_as_a_store(bool skipHead)
    {
        await using var store = Some.Open(Options);
        store.SetMetadata("m", new MetricMetadata("gauge", "help", ""));
        Feed(store, 0, 45);
        store.RunMaintenance();
        Delete(store, "a", 5, 8);
        var name = store.Snapshot(skipHead, CancellationToken.None);
        Assert.Matches("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{16}$", name);
        var sealedUntilMs = store.Head.MinValidMs;
        var expected = _model.Dump(maxTimeMs: skipHead ? sealedUntilMs - 1 : long.MaxValue);
        Feed(store, 45, 50);
        await using var copy = Some.Open(Some.Options(_directory.File($"snapshots/{name}")));
        Assert.Equal(expected, copy.Dump());
        Assert.Equal(skipHead, !copy.Metadata.ContainsKey("m"));
        Assert.Equal(AppendResult.Ok, copy.AppendOne(Some.Series("m", "a"), 99 * Some.MinuteMs, 1));
    }

    [Fact]
    public async Task A_flipped_byte_in_a_file_of_deletions_is_said_and_brings_nothing_back()
    {
        var logger = new RecordingLogger();
        var (path, _, left) = await FeedAndDelete();
        var whole = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, damaged);
            await using (var store = Some.Open(Options, logger: logger))
            {
                Assert.Equal(left, store.Dump());
                Assert.Contains(logger.Lines, line => line.Contains("one copy of its deletions is damaged", StringComparison.Ordinal));
                logger.Lines.Clear();
            }
            Assert.Equal(whole, await File.ReadAllBytesAsync(path));
        }
    }

    [Fact]
    public async Task A_file_of_deletions_that_is_cut_off_is_said_and_the_block_serves()
    {
        var logger = new RecordingLogger();
        var (path, all, left) = await FeedAndDelete();
        var whole = await File.ReadAllBytesAsync(path);
        for (var size = 0; size < whole.Length; size++)
        {
            await File.WriteAllBytesAsync(path, whole[..size]);
            await using var store = Some.Open(Options, logger: logger);
            Assert.Equal(size >= whole.Length / 2 ? left : all, store.Dump());
            Assert.Contains(logger.Lines, line => line.Contains("deletions", StringComparison.Ordinal));
            logger.Lines.Clear();
        }
    }

    /// <summary>The file of what was deleted from a block, and all samples before and after.</summary>
    private async Task<(string Path, string[] All, string[] Left)> FeedAndDelete()
    {
        await using var store = Some.Open(Options);
        Feed(store, 0, 45);
        store.RunMaintenance();
        var all = store.Dump();
        store.Delete([Some.Named("m")], 0, 9 * Some.MinuteMs, CancellationToken.None);
        return (Assert.Single(Directory.GetFiles(_directory.File("blocks"), "*.tombstones")), all, store.Dump());
    }

    private void Feed(MetricStore store, int fromMinute, int toMinute)
    {
        for (var minute = fromMinute; minute < toMinute; minute++)
        {
            foreach (var name in new[] { "a", "b", "c" })
            {
                _model.Append(Some.Series("m", name), minute * Some.MinuteMs, minute);
                store.AppendOne(Some.Series("m", name), minute * Some.MinuteMs, minute);
            }
        }
    }

    private void Delete(MetricStore store, string instance, int fromMinute, int toMinute)
    {
        var (fromMs, toMs) = (fromMinute * Some.MinuteMs, toMinute * Some.MinuteMs);
        store.Delete([new LabelMatcher(Model.MatchType.Equal, "instance", instance)], fromMs, toMs, CancellationToken.None);
        _model.Delete(Some.Series("m", instance), fromMs, toMs);
    }
}
