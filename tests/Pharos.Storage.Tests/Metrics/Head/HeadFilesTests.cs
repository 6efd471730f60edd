using System.Diagnostics.Metrics;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Log;

namespace Pharos.Storage.Tests.Metrics.Head;

/// <summary>Checkpoints and the chunk files that they name: what is closed comes back, what is damaged is named, the rest serves.</summary>
public sealed class HeadFilesTests : IDisposable
{
    private const int SeriesCount = 6;

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    private MetricStoreOptions Options => Some.Options(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_clean_stop_leaves_one_checkpoint_and_the_chunks_and_everything_comes_back()
    {
        var model = await FeedAndClose(minutes: 300);
        Assert.Equal([".checkpoint"], Extensions("wal"));
        Assert.Equal([".chunks"], Extensions("chunks"));
        for (var round = 0; round < 2; round++)
        {
            await using var store = OpenWithUpkeep();
            Assert.Equal(model.Dump(), store.Dump());
            Assert.Empty(_logger.Lines);
        }
        Assert.Equal([".checkpoint"], Extensions("wal"));
    }

    [Fact]
    public async Task A_store_that_was_closed_goes_on()
    {
        var model = await FeedAndClose(minutes: 100);
        for (var round = 1; round < 4; round++)
        {
            await using var store = OpenWithUpkeep();
            Feed(store, model, round * 100, (round * 100) + 100);
            store.RunMaintenance();
            Assert.Equal(model.Dump(), store.Dump());
        }
        await using var reopened = OpenWithUpkeep();
        Assert.Equal(model.Dump(), reopened.Dump());
    }

    [Fact]
    public async Task What_was_known_at_the_close_is_refused_as_before()
    {
        await FeedAndClose(minutes: 10);
        await using var store = OpenWithUpkeep();
        var last = 9 * Some.MinuteMs;
        Assert.Equal(AppendResult.SameAsStored, store.AppendOne(Some.Series("m", "0"), last, Value(0, 9)));
        Assert.Equal(AppendResult.DuplicateTimestamp, store.AppendOne(Some.Series("m", "0"), last, 4711));
        Assert.Equal(AppendResult.OutOfOrder, store.AppendOne(Some.Series("m", "0"), last - 1, 1));
    }

    [Fact]
    public async Task A_checkpoint_names_chunks_that_went_to_files_before_it()
    {
        var model = new NaiveStore();
        await using (var store = Some.Open(Options with { CheckpointBytes = 1000 }))
        {
            for (var part = 0; part < 6; part++)
            {
                Feed(store, model, part * 50, (part * 50) + 50);
                store.RunMaintenance();
                Assert.Equal(model.Dump(), store.Dump());
            }
        }
        Assert.NotEmpty(Directory.GetFiles(_directory.File("chunks")));
        await using var reopened = Some.Open(Options);
        Assert.Equal(model.Dump(), reopened.Dump());
    }

    [Fact]
    public async Task Files_that_no_checkpoint_names_are_removed_at_the_start()
    {
        var model = await FeedAndClose(minutes: 20);
        var orphan = _directory.File("chunks/00000777.chunks");
        await File.WriteAllBytesAsync(orphan, new byte[100]);
        await using var store = Some.Open(Options);
        Assert.False(File.Exists(orphan));
        Assert.Equal(model.Dump(), store.Dump());
    }

    [Fact]
    public async Task Any_flipped_byte_of_a_chunk_file_costs_one_chunk_and_is_named()
    {
        var model = await FeedAndClose(minutes: 30);
        var path = Assert.Single(Directory.GetFiles(_directory.File("chunks")));
        var whole = await File.ReadAllBytesAsync(path);
        for (var at = ChunkFileFormat.HeaderBytes; at < whole.Length; at += 3)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x04;
            await File.WriteAllBytesAsync(path, damaged);
            await using var store = Some.Open(Options, logger: _logger);
            var left = store.DumpOfDamaged();
            Assert.Equal(SeriesCount - 1, left.Length);
            Assert.Empty(left.Except(model.Dump(), StringComparer.Ordinal));
            Assert.Contains(_logger.Lines, line => line.Contains(Path.GetFileName(path), StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public async Task A_flipped_byte_in_the_header_of_a_chunk_file_is_named_and_costs_nothing()
    {
        var model = await FeedAndClose(minutes: 30);
        var path = Assert.Single(Directory.GetFiles(_directory.File("chunks")));
        var whole = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < ChunkFileFormat.HeaderBytes; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x20;
            await File.WriteAllBytesAsync(path, damaged);
            await using var store = Some.Open(Options, logger: _logger);
            Assert.Equal(model.Dump(), store.Dump());
            Assert.Contains(_logger.Lines, line => line.Contains(path, StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public async Task A_chunk_file_cut_at_any_byte_costs_what_was_behind_and_is_named()
    {
        var model = await FeedAndClose(minutes: 30);
        var path = Assert.Single(Directory.GetFiles(_directory.File("chunks")));
        var whole = await File.ReadAllBytesAsync(path);
        var before = 0;
        for (var size = 0; size < whole.Length; size += 5)
        {
            await File.WriteAllBytesAsync(path, whole[..size]);
            await using var store = Some.Open(Options, logger: _logger);
            var left = store.Dump();
            Assert.InRange(left.Length, before, SeriesCount - 1);
            before = left.Length;
            Assert.Empty(left.Except(model.Dump(), StringComparer.Ordinal));
            Assert.Contains(_logger.Lines, line => line.Contains(Path.GetFileName(path), StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
        Assert.Equal(SeriesCount - 1, before);
    }

    [Fact]
    public async Task A_chunk_file_that_somebody_cuts_while_it_is_open_costs_what_was_behind_and_is_named()
    {
        var model = await FeedAndClose(minutes: 30);
        var path = Assert.Single(Directory.GetFiles(_directory.File("chunks")));
        await using var store = Some.Open(Options, logger: _logger);
        Assert.Equal(model.Dump(), store.Dump());
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(100);
        }
        var looked = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 != looked, TimeSpan.FromSeconds(30)));
        Assert.Empty(store.DumpOfDamaged());
        Assert.Contains(_logger.Lines, line => line.Contains(path, StringComparison.Ordinal));
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("m", "later"), Some.HourMs, 1));
        Assert.Single(store.DumpOfDamaged());
    }

    [Fact]
    public async Task A_damaged_file_is_kept_aside_when_its_chunks_are_sealed()
    {
        await FeedAndClose(minutes: 30);
        var path = Assert.Single(Directory.GetFiles(_directory.File("chunks")));
        var whole = await File.ReadAllBytesAsync(path);
        whole[^1] ^= 1;
        await File.WriteAllBytesAsync(path, whole);
        await using (var store = Some.Open(Options))
        {
            store.AppendOne(Some.Series("m", "later"), 10 * Some.HourMs, 1);
            store.RunMaintenance();
            Assert.Equal(SeriesCount, store.Dump().Length);
        }
        Assert.True(File.Exists(path + ".corrupt"));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Any_flipped_byte_of_a_checkpoint_is_named_and_what_is_left_serves()
    {
        // Two groups of series: damage to one leaves the other.
        const int Many = CheckpointGroupWriter.MaxSeries + 10;
        var model = new NaiveStore();
        await using (var store = OpenWithUpkeep())
        {
            using var appender = store.Appender();
            for (var i = 0; i < Many; i++)
            {
                ulong reference = 0;
                appender.Append(ref reference, Some.Series("m", $"{i}"), Some.MinuteMs, i);
                model.Append(Some.Series("m", $"{i}"), Some.MinuteMs, i);
            }
            appender.Commit();
        }
        var path = Assert.Single(Directory.GetFiles(_directory.File("wal")));
        var whole = await File.ReadAllBytesAsync(path);
        var all = model.Dump();
        for (var at = 0; at < whole.Length; at += 11)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, damaged);
            await using var store = Some.Open(Options, logger: _logger);
            var left = store.Dump();
            Assert.True(left.Length is 10 or CheckpointGroupWriter.MaxSeries or Many, $"{left.Length} series with byte {at} flipped");
            Assert.Empty(left.Except(all, StringComparer.Ordinal));
            Assert.Contains(_logger.Lines, line => line.Contains(Path.GetFileName(path), StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public async Task A_follower_of_the_log_goes_on_after_a_clean_stop()
    {
        MetricLogPosition position;
        await using (var store = OpenWithUpkeep())
        {
            using var reader = store.ReadLog(null);
            position = reader.Position;
            store.AppendOne(Some.Series("m"), 1000, 1);
            reader.Dispose();
        }
        await using var reopened = OpenWithUpkeep();
        using var resumed = reopened.ReadLog(position);
        reopened.AppendOne(Some.Series("m"), 2000, 2);
        var batch = new MetricLogBatch();
        Assert.True(resumed.TryRead(batch));
        Assert.Equal(1, Assert.Single(batch.Samples).Value);
        Assert.True(resumed.TryRead(batch));
        Assert.Equal(2, Assert.Single(batch.Samples).Value);
        Assert.Equal(0, resumed.LostSegments);
    }

    private static double Value(int series, int minute) => (series % 3) switch
    {
        0 => minute * series,
        1 => Math.Sin(minute) * 1e18,
        _ => minute / 4.0,
    };

    private static void Feed(MetricStore store, NaiveStore model, int from, int to)
    {
        for (var minute = from; minute < to; minute++)
        {
            using var appender = store.Appender();
            for (var i = 0; i < SeriesCount; i++)
            {
                ulong reference = 0;
                appender.Append(ref reference, Some.Series("m", $"{i}"), minute * Some.MinuteMs, Value(i, minute));
                model.Append(Some.Series("m", $"{i}"), minute * Some.MinuteMs, Value(i, minute));
            }
            appender.Commit();
        }
    }

    private async Task<NaiveStore> FeedAndClose(int minutes)
    {
        var model = new NaiveStore();
        await using var store = OpenWithUpkeep();
        Feed(store, model, 0, minutes);
        return model;
    }

    private MetricStore OpenWithUpkeep() => MetricStore.Open(Options, TimeProvider.System, _logger, new Meter("test"));

    private string[] Extensions(string folder) =>
        [.. Directory.GetFiles(_directory.File(folder)).Select(path => Path.GetExtension(path)).Distinct(StringComparer.Ordinal)];
}
