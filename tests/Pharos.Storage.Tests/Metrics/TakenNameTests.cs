using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>Something of somebody else has the name that the store wants next: it goes on under another.</summary>
public sealed class TakenNameTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();
    private int _appended;

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    public void Dispose() => _directory.Dispose();

    public enum Thing
    {
        Folder,
        File,
        Link,
    }

    [Theory]
    [InlineData(Thing.Folder)]
    [InlineData(Thing.File)]
    [InlineData(Thing.Link)]
    public async Task The_log_skips_names_that_are_taken(Thing thing)
    {
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Append(store);
            Take(thing, "wal/00000002.wal");
            Take(thing, "wal/00000003.wal");
            store.RotateLog();
            Append(store);
            Assert.Equal(4, store.WalSegmentNumber);
            Append(store);
            store.RotateLog();
            Append(store);
            Assert.Equal(2, _logger.Lines.Count(static line => line.Contains("name of its next segment", StringComparison.Ordinal)));
            Assert.Equal(4, Read(store));
        }
        if (thing == Thing.File)
        {
            Assert.Equal("mine", await File.ReadAllTextAsync(_directory.File("wal/00000002.wal")));
        }
        await AssertAllThere();
        foreach (var name in (string[])["wal/00000002.wal", "wal/00000003.wal"])
        {
            Release(thing, name);
        }
        _logger.Lines.Clear();
        await AssertAllThere();
        Assert.Empty(_logger.Lines);

        // What is really missing is still noticed.
        File.Delete(_directory.File("wal/00000004.wal"));
        await using var damaged = Some.Open(Options, logger: _logger);
        Assert.Contains(_logger.Lines, static line => line.Contains("is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_log_begins_under_another_name_where_the_first_is_taken()
    {
        Take(Thing.Folder, "wal/00000001.wal");
        await using (var store = Some.Open(Options))
        {
            Append(store);
            Append(store);
        }
        await AssertAllThere();
        Assert.DoesNotContain(_logger.Lines, static line => line.StartsWith("Error", StringComparison.Ordinal));
        Release(Thing.Folder, "wal/00000001.wal");
        await AssertAllThere();
        Assert.DoesNotContain(_logger.Lines, static line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    /// <summary>As logs and spans have it.</summary>
    [Fact]
    public void A_log_without_links_knows_its_gap_by_what_lies_there()
    {
        var folder = _directory.File("plain");
        Take(Thing.Folder, "plain/00000002.wal");
        using (var wal = new WalWriter(new DiskFileSystem(), folder, FsyncPolicy.None, segmentBytes: 1, firstNumber: 1))
        {
            wal.Append("one"u8);
            wal.Append("two"u8);
        }
        var replay = new WalReplay("Log store", new DiskFileSystem(), folder, _logger);
        var records = 0;
        replay.Run(1, (_, _, _) => records++);
        Assert.Equal((2, 0), (records, replay.CorruptionCount));
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public async Task A_disk_that_refuses_to_begin_a_segment_leaves_no_trail_of_files()
    {
        var disk = new Files.ForgetfulFileSystem();
        await using var store = Some.Open(Options, disk);
        Append(store);
        store.RotateLog();
        for (var i = 0; i < 5; i++)
        {
            disk.FailAt = disk.Operations + 2;
            Assert.Throws<IOException>(() => Append(store));
        }
        Append(store);
        Assert.Equal(2, store.WalSegmentNumber);
        Assert.Equal(2, disk.Files(_directory.File("wal")).Count);
    }

    [Theory]
    [InlineData("wal/00000002.checkpoint")]
    [InlineData("wal/00000002.checkpoint.tmp")]
    [InlineData("chunks/00000001.chunks")]
    [InlineData("blocks/00000001.block")]
    [InlineData("blocks/00000001.block.tmp")]
    public async Task Upkeep_goes_on_under_other_names(string taken)
    {
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Take(Thing.Folder, taken);
            for (var round = 0; round < 3; round++)
            {
                for (var minute = 0; minute < 20; minute++)
                {
                    Append(store);
                }
                store.Maintenance!.Checkpoint(CheckpointForm.Packed);
                store.RunMaintenance();
            }
            Assert.NotEmpty(store.View.Blocks);
            Assert.Equal(store.View.HeadFromMs, store.Status(1).MinTimeMs);
        }
        Assert.NotEmpty(Directory.GetFiles(_directory.File("wal"), "*.checkpoint"));
        await AssertAllThere();
    }

    private void Append(MetricStore store)
    {
        Assert.Equal(AppendResult.Ok, store.AppendOne(Some.Series("m"), (_appended + 1) * Some.MinuteMs, _appended + 1));
        _appended++;
    }

    private async Task AssertAllThere()
    {
        await using var store = Some.Open(Options, logger: _logger);
        Assert.Equal(_appended, Assert.Single(store.Dump()).Split(' ').Count(static word => char.IsAsciiDigit(word[0])));
    }

    private static int Read(MetricStore store)
    {
        using var reader = store.ReadLog(new MetricLogPosition(1, 0));
        var batch = new MetricLogBatch();
        var count = 0;
        while (reader.TryRead(batch))
        {
            count += batch.Samples.Count;
        }
        return count;
    }

    private void Take(Thing thing, string name)
    {
        var path = _directory.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (thing)
        {
            case Thing.Folder:
                Directory.CreateDirectory(path);
                break;
            case Thing.File:
                File.WriteAllText(path, "mine");
                break;
            default:
                File.CreateSymbolicLink(path, "/nowhere/at/all");
                break;
        }
    }

    private void Release(Thing thing, string name)
    {
        if (thing == Thing.Folder)
        {
            Directory.Delete(_directory.File(name));
        }
        else
        {
            File.Delete(_directory.File(name));
        }
    }
}
