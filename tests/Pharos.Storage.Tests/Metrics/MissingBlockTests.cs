using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Tests.Files;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>A block that a stranger took away while the store was closed is named; one that the store itself removed never is.</summary>
public sealed class MissingBlockTests : IDisposable
{
    private const string MissingText = "is missing";

    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    private MetricStoreOptions Options => Some.Options(_directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10) };

    private string Block(int number) => _directory.File($"blocks/{number:D8}.block");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_block_that_was_taken_away_is_named_once_and_the_rest_serves(bool isTidy, bool hasCheckpoint)
    {
        string[] rest;
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, minutes: 27);
            store.RunMaintenance();
            rest = store.Dump(10 * Some.MinuteMs);
            if (hasCheckpoint)
            {
                store.Maintenance!.Checkpoint(CheckpointForm.Quick);
            }
            store.Maintenance!.Close(isTidy);
        }
        File.Delete(Block(1));
        await using (var looking = Some.Open(Options, logger: _logger))
        {
            // Nothing was done to the folder: whoever opens it next is told, too.
            AssertNamed(looking, 1);
        }
        await using (var store = Some.Open(Options, logger: _logger))
        {
            AssertNamed(store, 1);
            Assert.Equal(rest, store.Dump());
            store.RunMaintenance();
        }
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Assert.Empty(_logger.Lines);
            Assert.Empty(store.Status(1).BlocksMissing);
        }
    }

    [Fact]
    public async Task A_block_that_is_put_back_serves_and_its_number_is_not_given_again()
    {
        string[] all;
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, minutes: 17);
            store.RunMaintenance();
            all = store.Dump();
        }
        File.Move(Block(1), _directory.File("aside"));
        await using (var store = Some.Open(Options))
        {
            Feed(store, 17, minutes: 10);
            store.RunMaintenance();
        }
        File.Move(_directory.File("aside"), Block(1));
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Assert.Empty(_logger.Lines);
            Assert.Equal(all, store.Dump(0, 16 * Some.MinuteMs));
        }
    }

    [Fact]
    public async Task A_block_that_was_set_aside_is_not_missed()
    {
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, minutes: 17);
            store.RunMaintenance();
        }
        var whole = await File.ReadAllBytesAsync(Block(1));
        await File.WriteAllBytesAsync(Block(1), whole[..^1]);
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Assert.Equal([Block(1)], store.Status(1).BlocksSetAside);
        }
        await using (var store = Some.Open(Options, logger: _logger))
        {
            store.RunMaintenance();
        }
        File.Delete(Block(1) + ".corrupt");
        await using (var store = Some.Open(Options, logger: _logger))
        {
            Assert.DoesNotContain(_logger.Lines, static line => line.Contains(MissingText, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_folder_whose_log_says_nothing_of_blocks_raises_no_alarm()
    {
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, minutes: 27);
            store.RunMaintenance();
        }
        Directory.Delete(_directory.File("wal"), recursive: true);
        File.Delete(Block(1));
        await using (Some.Open(Options, logger: _logger))
        {
            Assert.Empty(_logger.Lines);
        }
    }

    [Fact]
    public async Task A_log_that_is_damaged_behind_what_it_says_of_blocks_raises_no_alarm_for_them()
    {
        await using (var store = Some.Open(Options with { RetentionTime = TimeSpan.FromDays(1) }))
        {
            Feed(store, 0, minutes: 17);
            store.RunMaintenance();
            store.Maintenance!.Checkpoint(CheckpointForm.Quick);
            Feed(store, 17, minutes: 9);
            store.Delete([Some.Named("m")], 0, 10 * Some.MinuteMs, CancellationToken.None);
            store.CleanTombstones(CancellationToken.None);
        }
        Assert.False(File.Exists(Block(1)));
        var segment = Directory.GetFiles(_directory.File("wal"), "*.wal").Max()!;
        var bytes = await File.ReadAllBytesAsync(segment);
        for (var at = bytes.Length - 10; at < bytes.Length; at++)
        {
            bytes[at] ^= 0xFF;
        }
        await File.WriteAllBytesAsync(segment, bytes);
        await using (Some.Open(Options, logger: _logger))
        {
            Assert.Contains(_logger.Lines, static line => line.Contains("damaged", StringComparison.Ordinal));
            Assert.DoesNotContain(_logger.Lines, static line => line.Contains(MissingText, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_snapshot_names_what_it_has()
    {
        string name;
        await using (var store = Some.Open(Options))
        {
            Feed(store, 0, minutes: 27);
            store.RunMaintenance();
            name = store.Snapshot(skipHead: false, CancellationToken.None);
        }
        var copy = Options with { Directory = _directory.File($"snapshots/{name}") };
        await using (Some.Open(copy, logger: _logger))
        {
            Assert.Empty(_logger.Lines);
        }
        File.Delete(Path.Combine(copy.Directory, "blocks", "00000002.block"));
        await using (var store = Some.Open(copy, logger: _logger))
        {
            Assert.Single(store.Status(1).BlocksMissing);
        }
    }

    /// <summary>At every operation of the disk the process may end; and none may the next start take for a stranger's.</summary>
    [Fact]
    public async Task No_end_of_the_process_at_any_moment_makes_the_next_start_miss_a_block()
    {
        var disk = new StoppingFileSystem(new ForgetfulFileSystem());
        var operations = await RunAndStop(disk);
        Assert.True(operations > 100, $"only {operations} operations");
        for (var stopAt = 1; stopAt <= operations; stopAt++)
        {
            var files = new ForgetfulFileSystem();
            await RunAndStop(new StoppingFileSystem(files) { StopAt = stopAt });
            foreach (var after in new[] { files, files.CutPower(new Random(stopAt)) })
            {
                // Twice: what the next start does to the folder is no stranger's work either.
                for (var start = 0; start < 2; start++)
                {
                    await using var store = Some.Open(Lively, after, _logger);
                    Assert.True(store.Status(1).BlocksMissing.Count == 0, $"stopped at {stopAt}: {string.Join('\n', _logger.Lines)}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_refusal_of_the_disk_makes_the_next_start_miss_a_block(int failures)
    {
        var disk = new ForgetfulFileSystem();
        await Run(disk);
        var operations = disk.Operations;
        for (var failAt = 1; failAt <= operations; failAt += failures)
        {
            var files = new ForgetfulFileSystem { FailAt = failAt, FailuresInARow = failures };
            await Run(files);
            await using var store = Some.Open(Lively, files, _logger);
            Assert.True(store.Status(1).BlocksMissing.Count == 0, $"failed at {failAt}: {string.Join('\n', _logger.Lines)}");
        }
    }

    /// <summary>Merges, backfilling, deletion, retention by time and by bytes.</summary>
    private MetricStoreOptions Lively => Options with { RetentionTime = TimeSpan.FromMinutes(70), RetentionBytes = 3_000, WalSegmentBytes = 700 };

    private async Task<int> RunAndStop(StoppingFileSystem disk)
    {
        await Run(disk);
        return disk.Operations;
    }

    private async Task Run(IFileSystem disk)
    {
        await using var store = Some.Open(Lively, disk);
        for (var minute = 0; minute < 100; minute += 5)
        {
            Try(() => Feed(store, minute, minutes: 5));
            Try(store.RunMaintenance);
            if (minute == 40)
            {
                Try(() => store.Delete([Some.Named("m")], 0, 20 * Some.MinuteMs, CancellationToken.None));
                Try(() => store.CleanTombstones(CancellationToken.None));
            }
            if (minute == 60)
            {
                Try(() => Backfill(store, 21));
                Try(() => store.Maintenance!.Checkpoint(CheckpointForm.Packed));
            }
        }
        Try(() => store.Maintenance!.Close(isTidy: true));
    }

    private static void Backfill(MetricStore store, int minute)
    {
        using var writer = BackfillBlockWriter.Open(store);
        var samples = new SampleBuffer();
        samples.Add((minute * Some.MinuteMs) + 1, 1, null, 0);
        writer.Add(Some.Series("m"), samples);
        writer.Finish();
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // The disk has refused, and the store goes on.
        }
    }

    private static void Feed(MetricStore store, int from, int minutes)
    {
        using var appender = store.Appender();
        ulong reference = 0;
        for (var minute = from; minute < from + minutes; minute++)
        {
            appender.Append(ref reference, Some.Series("m"), minute * Some.MinuteMs, minute);
        }
        appender.Commit();
    }

    private void AssertNamed(MetricStore store, int number)
    {
        Assert.Equal([Block(number)], store.Status(1).BlocksMissing);
        Assert.Contains(Block(number), Assert.Single(_logger.Lines), StringComparison.Ordinal);
        _logger.Lines.Clear();
    }
}
