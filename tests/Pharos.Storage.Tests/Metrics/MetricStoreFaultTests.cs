using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Tests.Files;

namespace Pharos.Storage.Tests.Metrics;

/// <summary>A disk that refuses one operation, or all from one on, and then loses its power.</summary>
public sealed class MetricStoreFaultTests
{
    private const int FromThenOn = int.MaxValue;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(FromThenOn)]
    public async Task Whatever_operations_fail_everything_acknowledged_is_there_after_a_power_cut(int failures)
    {
        var operations = await RunWithFailure(failAt: 0, failures);
        Assert.True(operations > 60, $"only {operations} operations");
        for (var failAt = 1; failAt <= operations; failAt++)
        {
            await RunWithFailure(failAt, failures);
        }
    }

    /// <summary>Appends, seals and merges with some failing operations; cuts the power; compares. Answers how many operations
    /// there were.</summary>
    private static async Task<int> RunWithFailure(int failAt, int failures)
    {
        using var directory = new TemporaryDirectory();
        var options = Some.Options(directory.Path) with { BlockDuration = TimeSpan.FromMinutes(10), WalSegmentBytes = 1500 };
        var disk = new ForgetfulFileSystem { FailAt = failAt, FailuresInARow = failures, FailsFromThenOn = failures == FromThenOn };
        var model = new NaiveStore();
        int? doubtful;
        await using (var store = Some.Open(options, disk))
        {
            doubtful = Feed(store, model);
            Assert.Equal(model.Dump(), store.Dump());
            store.Maintenance!.Close(isTidy: failAt % 2 == 0);
        }
        await using var reopened = Some.Open(options, disk.CutPower(new Random(failAt)));
        var expected = string.Join('\n', model.Dump());
        var actual = string.Join('\n', reopened.Dump());
        if (expected != actual && failures == FromThenOn && doubtful is { } step)
        {
            // A disk that refuses to sync a record and then to take it back may keep it.
            AddStep(model, step);
            expected = string.Join('\n', model.Dump());
        }
        Assert.True(expected == actual, $"operation {failAt} failed; expected\n{expected}\nactual\n{actual}");
        return disk.Operations;
    }

    /// <returns>The first step that was refused.</returns>
    private static int? Feed(MetricStore store, NaiveStore model)
    {
        int? refused = null;
        for (var step = 0; step < 50; step++)
        {
            using var appender = store.Appender();
            var timestampMs = step * Some.MinuteMs;
            for (var number = 0; number < 3; number++)
            {
                ulong reference = 0;
                Assert.Equal(AppendResult.Ok, appender.Append(ref reference, Some.Series("m", $"{number}"), timestampMs, step));
            }
            try
            {
                appender.Commit();
            }
            catch (IOException)
            {
                // Not acknowledged: it must not be there either.
                refused ??= step;
                continue;
            }
            AddStep(model, step);
            if (step % 8 == 7)
            {
                store.RunMaintenance();
            }
            else if (step % 8 == 3)
            {
                store.Maintenance!.Checkpoint(CheckpointForm.Packed);
            }
        }
        return refused;
    }

    private static void AddStep(NaiveStore model, int step)
    {
        for (var number = 0; number < 3; number++)
        {
            model.Append(Some.Series("m", $"{number}"), step * Some.MinuteMs, step);
        }
    }
}
