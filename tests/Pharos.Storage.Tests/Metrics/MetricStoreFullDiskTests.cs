using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Tests.Files;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>A disk that is full for a while: intake is refused, what is there is answered, and afterwards everything goes on.</summary>
public sealed class MetricStoreFullDiskTests
{
    private const int Series = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_refuses_intake_and_recovers_by_itself(bool isPacked)
    {
        using var directory = new TemporaryDirectory();
        var options = Some.Options(directory.Path) with { BlockDuration = TimeSpan.FromMinutes(20) };
        var disk = new ForgetfulFileSystem();
        var model = new NaiveStore();
        await using (var store = Some.Open(options, disk))
        {
            for (var minute = 0; minute < 200; minute++)
            {
                var isFull = minute is >= 60 and < 90 or >= 130 and < 140;
                disk.FailsFromThenOn = isFull;
                disk.FailAt = isFull ? 1 : 0;
                Append(store, model, minute, isFull);
                if (minute % 10 == 5)
                {
                    store.RunMaintenance();
                    store.Maintenance!.Checkpoint(isPacked ? CheckpointForm.Packed : CheckpointForm.Quick);
                }
                Assert.Equal(model.Dump(), store.Dump());
            }
        }
        await using var reopened = Some.Open(options, disk.CutPower(new Random(1)));
        Assert.Equal(model.Dump(), reopened.Dump());
    }

    private static void Append(MetricStore store, NaiveStore model, int minute, bool isFull)
    {
        using var appender = store.Appender();
        for (var i = 0; i < Series; i++)
        {
            ulong reference = 0;
            appender.Append(ref reference, Some.Series("m", $"{i}"), minute * Some.MinuteMs, minute + i);
        }
        if (isFull)
        {
            Assert.Contains("the disk refuses", Assert.Throws<IOException>(appender.Commit).Message, StringComparison.Ordinal);
            return;
        }
        appender.Commit();
        for (var i = 0; i < Series; i++)
        {
            model.Append(Some.Series("m", $"{i}"), minute * Some.MinuteMs, minute + i);
        }
    }
}
