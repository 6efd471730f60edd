using Pharos.Storage.Tests.Files;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Metrics;

public sealed class WalWriterTests
{
    [Fact]
    public void A_segment_that_fills_up_while_it_is_synced_is_synced_before_it_is_closed()
    {
        var disk = new ForgetfulFileSystem();
        using var wal = new WalWriter(disk, "/wal", FsyncPolicy.Interval, segmentBytes: 32, firstNumber: 1);
        wal.Append("the first"u8);
        disk.BeforeNextSync = () => wal.Append("the second needs another segment"u8);
        wal.Sync();

        Assert.Equal(2, wal.SegmentNumber);
        for (var seed = 0; seed < 20; seed++)
        {
            Assert.Equal("the first", FirstRecord(disk.CutPower(new Random(seed)), "/wal/00000001.wal"));
        }
    }

    [Fact]
    public void A_record_that_arrives_during_a_sync_is_synced_by_the_next_one()
    {
        var disk = new ForgetfulFileSystem();
        using var wal = new WalWriter(disk, "/wal", FsyncPolicy.Interval, segmentBytes: 1024, firstNumber: 1);
        wal.Append("the first"u8);
        disk.BeforeNextSync = () => wal.Append("the second"u8);
        wal.Sync();
        disk.FailAt = disk.Operations + 1;

        Assert.Throws<IOException>(wal.Sync);
    }

    [Fact]
    public async Task Commits_that_come_during_a_sync_share_the_next_one()
    {
        using var directory = new TemporaryDirectory();
        var disk = new ForgetfulFileSystem();
        await using var store = Some.Open(Some.Options(directory.Path), disk);
        store.AppendOne(Some.Series("m", "first"), 1000, 1);
        Task[] others = [];
        disk.BeforeNextSync = () =>
        {
            others = [.. Enumerable.Range(0, 5).Select(i => Task.Run(() => store.AppendOne(Some.Series("m", $"{i}"), 2000, i)))];
            Assert.True(SpinWait.SpinUntil(() => store.PendingCommits == 5, TimeSpan.FromSeconds(30)));
        };
        var before = disk.Operations;
        store.AppendOne(Some.Series("m", "first"), 2000, 2);
        await Task.WhenAll(others);

        // A write and a sync of the first, and of the five together.
        Assert.Equal(4, disk.Operations - before);
        Assert.Equal(6, store.Dump().Length);
    }

    [Fact]
    public async Task Of_commits_that_share_a_sync_which_fails_none_is_there()
    {
        using var directory = new TemporaryDirectory();
        var options = Some.Options(directory.Path);
        var disk = new ForgetfulFileSystem();
        await using (var store = Some.Open(options, disk))
        {
            store.AppendOne(Some.Series("m", "first"), 1000, 1);
            Task[] others = [];
            disk.BeforeNextSync = () =>
            {
                others = [.. Enumerable.Range(0, 3).Select(i => Task.Run(() => store.AppendOne(Some.Series("m", $"{i}"), 2000, i)))];
                Assert.True(SpinWait.SpinUntil(() => store.PendingCommits == 3, TimeSpan.FromSeconds(30)));

                // This one, a write, and the sync after it.
                disk.FailAt = disk.Operations + 3;
            };
            store.AppendOne(Some.Series("m", "first"), 2000, 2);
            foreach (var other in others)
            {
                await Assert.ThrowsAsync<IOException>(() => other);
            }
            Assert.Single(store.Dump());
            store.AppendOne(Some.Series("m", "1"), 3000, 3);
            Assert.Equal(2, store.Dump().Length);
        }
        await using var reopened = Some.Open(options, disk.CutPower(new Random(1)));
        Assert.Equal(2, reopened.Dump().Length);
    }

    private static string FirstRecord(ForgetfulFileSystem disk, string path)
    {
        using var reader = new WalRecordReader(disk, path);
        return reader.Next(out var payload) ? System.Text.Encoding.UTF8.GetString(payload) : "nothing";
    }
}
