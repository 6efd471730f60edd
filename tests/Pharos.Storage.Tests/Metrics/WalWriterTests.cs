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

    private static string FirstRecord(ForgetfulFileSystem disk, string path)
    {
        using var reader = new WalRecordReader(disk, path);
        return reader.Next(out var payload) ? System.Text.Encoding.UTF8.GetString(payload) : "nothing";
    }
}
