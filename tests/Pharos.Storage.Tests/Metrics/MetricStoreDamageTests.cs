using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Tests.Files;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Files that were cut or altered: what is whole is served, what is not is named.</summary>
public sealed class MetricStoreDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_log_cut_at_any_byte_has_every_batch_that_is_whole()
    {
        var model = new NaiveStore();
        var dumps = new List<string[]> { Array.Empty<string>() };
        var ends = new List<long> { 8 };
        await using (var store = Some.Open(Options))
        {
            for (var i = 0; i < 6; i++)
            {
                var labels = Some.Series("m", $"{i % 2}");
                store.AppendOne(labels, i * 1000, i);
                model.Append(labels, i * 1000, i);
                dumps.Add(model.Dump());
                ends.Add(new FileInfo(Segment(1)).Length);
            }
        }
        var whole = await File.ReadAllBytesAsync(Segment(1));
        for (var size = 0; size <= whole.Length; size++)
        {
            await File.WriteAllBytesAsync(Segment(1), whole[..size]);
            await using (var store = Some.Open(Options, logger: _logger))
            {
                Assert.Equal(dumps[Math.Max(0, ends.FindLastIndex(end => end <= size))], store.Dump());
            }

            // What was torn has been cut: the next start has nothing to say.
            var isTorn = !ends.Contains(size) && size > 0;
            Assert.Equal(isTorn, _logger.Lines.Any(line => line.Contains("is cut at byte", StringComparison.Ordinal)));
            _logger.Lines.Clear();
            await using (Some.Open(Options, logger: _logger))
            {
                Assert.Empty(_logger.Lines);
            }
        }
    }

    [Fact]
    public async Task A_flipped_byte_in_the_log_loses_one_batch_and_no_other()
    {
        await using (var store = Some.Open(Options))
        {
            for (var i = 0; i < 5; i++)
            {
                store.AppendOne(Some.Series("m", $"{i}"), 1000, i);
            }
        }
        var whole = await File.ReadAllBytesAsync(Segment(1));
        for (var at = 8; at < whole.Length; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(Segment(1), damaged);
            await using var store = Some.Open(Options, logger: _logger);
            Assert.Equal(4, store.Dump().Length);
            Assert.Contains(_logger.Lines, line => line.Contains("00000001.wal", StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public async Task A_segment_that_is_missing_is_named_and_the_others_serve()
    {
        await using (var store = Some.Open(Options with { WalSegmentBytes = 100 }))
        {
            for (var i = 0; i < 5; i++)
            {
                store.AppendOne(Some.Series("m", $"{i}"), 1000, i);
            }
        }
        File.Delete(Segment(3));
        await using var reopened = Some.Open(Options, logger: _logger);
        Assert.Equal(4, reopened.Dump().Length);
        Assert.Contains(_logger.Lines, line => line.Contains($"{Segment(3)} is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_that_is_missing_is_named()
    {
        await using (var store = Some.Open(Options))
        {
            store.AppendOne(Some.Series("m", "first"), 1000, 1);
            store.Maintenance!.Checkpoint(CheckpointForm.Quick);
            store.AppendOne(Some.Series("m", "next"), 1000, 1);
        }
        await using (Some.Open(Options, logger: _logger))
        {
            Assert.Empty(_logger.Lines);
        }
        File.Delete(_directory.File("wal/00000002.checkpoint"));
        await using var reopened = Some.Open(Options, logger: _logger);
        Assert.Single(reopened.Dump());
        Assert.Contains(_logger.Lines, static line => line.Contains("there is no checkpoint", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_segment_that_is_not_the_newest_and_was_cut_anywhere_is_named(bool isOfAnotherProcess)
    {
        await using (var store = Some.Open(Options))
        {
            for (var i = 0; i < 4; i++)
            {
                store.AppendOne(Some.Series("m", $"{i}"), 1000, i);
            }
            if (!isOfAnotherProcess)
            {
                Assert.Equal(2, store.RotateLog());
                store.AppendOne(Some.Series("m", "next"), 1000, 1);
            }
        }
        if (isOfAnotherProcess)
        {
            await using var store = Some.Open(Options);
            store.AppendOne(Some.Series("m", "next"), 1000, 1);
        }
        var whole = await File.ReadAllBytesAsync(Segment(1));
        for (var size = 0; size <= whole.Length; size++)
        {
            await File.WriteAllBytesAsync(Segment(1), whole[..size]);
            await using var store = Some.Open(Options, logger: _logger);
            Assert.Equal(size < whole.Length, _logger.Lines.Any(line => line.Contains($"bytes of {Segment(1)} are missing", StringComparison.Ordinal)));
            Assert.Contains(store.Dump(), line => line.Contains("next", StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
        File.Delete(Segment(1));
        await using var reopened = Some.Open(Options, logger: _logger);
        Assert.Single(reopened.Dump());
        Assert.Contains(_logger.Lines, line => line.Contains($"{Segment(1)} is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_last_record_that_was_altered_is_damage_and_no_unfinished_write()
    {
        const int LengthAt = 4;
        long lastAt;
        await using (var store = Some.Open(Options))
        {
            store.AppendOne(Some.Series("m", "first"), 1000, 1);
            lastAt = new FileInfo(Segment(1)).Length;
            store.AppendOne(Some.Series("m", "last"), 1000, 2);
        }
        var whole = await File.ReadAllBytesAsync(Segment(1));
        for (var at = (int)lastAt; at < whole.Length; at++)
        {
            if (at - lastAt is >= LengthAt and < LengthAt + sizeof(uint))
            {
                // A length that reaches beyond the end: nobody can tell that from a write which did not get further.
                continue;
            }
            var damaged = whole.ToArray();
            damaged[at] ^= 0x10;
            await File.WriteAllBytesAsync(Segment(1), damaged);
            await using var store = Some.Open(Options, logger: _logger);
            Assert.Single(store.Dump());
            Assert.Contains(_logger.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
                && line.Contains($"{Segment(1)}, from byte {lastAt} on, are damaged", StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
        Assert.Equal(whole.Length, new FileInfo(Segment(1)).Length);
    }

    [Fact]
    public async Task Any_flipped_byte_of_a_block_is_noticed_and_the_rest_serves()
    {
        string[] all;
        await using (var store = Some.Open(Options))
        {
            Feed(store, minutes: 31);
            store.RunMaintenance();
            all = store.Dump();
        }
        var path = Assert.Single(Directory.GetFiles(_directory.File("blocks"), "00000001.block"));
        var whole = await File.ReadAllBytesAsync(path);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x04;
            File.Delete(path + ".corrupt");
            await File.WriteAllBytesAsync(path, damaged);
            await using var store = Some.Open(Options, logger: _logger);
            var left = store.Dump();
            Assert.NotEqual(all, left);
            Assert.Equal(2, left.Length);
            Assert.All(left.Zip(all), pair => Assert.Empty(pair.First.Split(' ').Except(pair.Second.Split(' '), StringComparer.Ordinal)));
            Assert.Contains(_logger.Lines, line => line.Contains("00000001.block", StringComparison.Ordinal));
            _logger.Lines.Clear();
        }
    }

    [Fact]
    public async Task A_corrupt_block_is_renamed_aside()
    {
        await using (var store = Some.Open(Options))
        {
            Feed(store, minutes: 31);
            store.RunMaintenance();
        }
        var path = _directory.File("blocks/00000001.block");
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^1]);
        await using var reopened = Some.Open(Options, logger: _logger);
        Assert.True(File.Exists(path + ".corrupt"));
        Assert.False(File.Exists(path));
        Assert.NotEmpty(reopened.Dump());
    }

    [Theory]
    [InlineData("00000009.block")]
    [InlineData("1.block")]
    [InlineData("000000001.block")]
    [InlineData("1.corrupt.block")]
    public async Task A_copy_of_a_block_under_another_name_serves_nothing_and_is_set_aside(string name)
    {
        string[] all;
        await using (var store = Some.Open(Options))
        {
            Feed(store, minutes: 31);
            store.RunMaintenance();
            store.Delete([Some.Named("m")], 2 * Some.MinuteMs, 5 * Some.MinuteMs, CancellationToken.None);
            all = store.Dump();
        }
        var copy = _directory.File($"blocks/{name}");
        File.Copy(_directory.File("blocks/00000001.block"), copy);
        File.Copy(copy, _directory.File("blocks/00000001.block.bak"));
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Assert.Equal(all, store.Dump());
            Assert.Equal([copy], store.Status(1).BlocksSetAside);
            Assert.Contains("holds block 1: a copy under another name", Assert.Single(_logger.Lines), StringComparison.Ordinal);
            store.CleanTombstones(CancellationToken.None);
            Assert.Equal(all, store.Dump());
        }
        Assert.True(File.Exists(copy + ".corrupt"));
        Assert.True(File.Exists(_directory.File("blocks/00000001.block.bak")));
        await using var reopened = Some.Open(Options);
        Assert.Equal(all, reopened.Dump());
    }

    [Theory]
    [InlineData("wal", ".wal")]
    [InlineData("wal", ".checkpoint")]
    [InlineData("chunks", ".chunks")]
    [InlineData("blocks", ".block")]
    public async Task A_file_that_may_not_be_read_is_named_and_the_others_serve(string folder, string suffix)
    {
        var disk = new ForgetfulFileSystem();
        await using (var store = Some.Open(Options, disk))
        {
            Feed(store, minutes: 17);
            store.RunMaintenance();
            store.Maintenance!.Checkpoint(CheckpointForm.Packed);
            store.AppendOne(Some.Series("m", "a"), 17 * Some.MinuteMs, 1);
            store.RotateLog();
            store.AppendOne(Some.Series("last"), 18 * Some.MinuteMs, 1);
        }
        var real = disk.Files(_directory.File(folder)).First(file => file.EndsWith(suffix, StringComparison.Ordinal));
        await using var reopened = Some.Open(Options, new StoppingFileSystem(disk) { Denied = real }, _logger);
        Assert.Contains(reopened.DumpOfDamaged(), static line => line.Contains("last", StringComparison.Ordinal));
        Assert.Contains(_logger.Lines, line => line.Contains(real, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_store_on_the_same_folder_is_told_why_not()
    {
        await using var store = Some.Open(Options);
        var exception = Assert.Throws<IOException>(() => Some.Open(Options));
        Assert.Contains("in use by another process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_not_said_to_be_in_use()
    {
        Directory.CreateDirectory(_directory.File("lock"));
        var exception = Assert.Throws<IOException>(() => Some.Open(Options));
        Assert.Contains("cannot be written", exception.Message, StringComparison.Ordinal);
    }

    private static void Feed(MetricStore store, int minutes)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            store.AppendOne(Some.Series("m", "a"), minute * Some.MinuteMs, minute);
            store.AppendOne(Some.Series("m", "b"), minute * Some.MinuteMs, -minute);
        }
    }

    private string Segment(int number) => _directory.File($"wal/{number:D8}.wal");
}
