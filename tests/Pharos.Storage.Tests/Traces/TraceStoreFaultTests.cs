using Pharos.Storage.Tests.Files;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Traces;

/// <summary>A disk that refuses one operation, some, or all from one on, that loses its power, or that is full for a while.</summary>
public sealed class TraceStoreFaultTests
{
    private const int FromThenOn = int.MaxValue;
    private const int Steps = 24;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(FromThenOn)]
    public void Whatever_operations_fail_everything_acknowledged_is_there_after_a_power_cut(int failures)
    {
        var operations = RunWithFailure(failAt: 0, failures);
        Assert.True(operations > 60, $"only {operations} operations");
        for (var failAt = 1; failAt <= operations; failAt++)
        {
            RunWithFailure(failAt, failures);
        }
    }

    [Theory]
    [InlineData(FsyncPolicy.EachCommit)]
    [InlineData(FsyncPolicy.Interval)]
    public void Appends_fail_queries_go_on_and_everything_works_again_once_there_is_room(FsyncPolicy fsync)
    {
        using var directory = new TemporaryDirectory();
        var disk = new ForgetfulFileSystem();
        var options = Make.Options(directory.Path) with { Fsync = fsync };
        var store = Make.Open(options, disk);
        store.Append(Make.Span(1, 1));
        store.Flush(CancellationToken.None);
        store.Append(Make.Span(2, 1));
        var before = Dump(store);
        (disk.FailAt, disk.FailsFromThenOn) = (disk.Operations + 1, true);
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<IOException>(() => store.Append(Make.Span(3, 1)));
            Assert.Throws<IOException>(() => store.Flush(CancellationToken.None));
            Assert.Equal(before, Dump(store));
        }
        (disk.FailAt, disk.FailsFromThenOn) = (0, false);
        store.Append(Make.Span(4, 1));
        store.RunMaintenance();
        var after = Dump(store);
        Assert.Equal(3, after.Length);
        store.Flush(CancellationToken.None);
        Assert.Equal(after, Dump(store));
        store.Close();
        store = Make.Open(options, disk);
        Assert.Equal(after, Dump(store));
        store.Close();
    }

    /// <summary>Appends, seals and merges with some failing operations; cuts the power; compares. Answers how many operations there were.</summary>
    private static int RunWithFailure(int failAt, int failures)
    {
        using var directory = new TemporaryDirectory();
        var options = Make.Options(directory.Path) with { WalSegmentBytes = 1500 };
        var disk = new ForgetfulFileSystem { FailAt = failAt, FailuresInARow = failures, FailsFromThenOn = failures == FromThenOn };
        var acknowledged = new List<string>();
        var doubtful = new HashSet<string>(StringComparer.Ordinal);
        if (TryOpen(options, disk) is not { } store)
        {
            return disk.Operations;
        }
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                Step(store, acknowledged, doubtful, step);
                Assert.Equal(acknowledged.Order(StringComparer.Ordinal), Dump(store));
            }
        }
        finally
        {
            store.Close();
        }
        var after = Make.Open(options, disk.CutPower(new Random(failAt)));
        var actual = Dump(after);
        after.Close();
        Assert.Equal(actual.Length, actual.Distinct(StringComparer.Ordinal).Count());
        var lost = acknowledged.Except(actual, StringComparer.Ordinal).ToArray();
        Assert.True(lost.Length == 0, $"operation {failAt} failed: lost {string.Join('\n', lost)}");

        // A disk that refuses to sync a record and then to take it back may keep it.
        var strange = actual.Except(acknowledged, StringComparer.Ordinal).Where(span => !doubtful.Contains(span)).ToArray();
        Assert.True(strange.Length == 0, $"operation {failAt} failed: {string.Join('\n', strange)} came from nowhere");
        return disk.Operations;
    }

    private static TraceStore? TryOpen(TraceStoreOptions options, ForgetfulFileSystem disk)
    {
        try
        {
            return Make.Open(options, disk);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Step(TraceStore store, List<string> acknowledged, HashSet<string> doubtful, int step)
    {
        Span[] spans = [.. Enumerable.Range(0, 3).Select(i => Make.Span((ulong)(step / 2) + 1, (ulong)((step * 3) + i + 1), 1, Make.TimeNs + step, $"s{i}"))];
        try
        {
            store.Append(spans);
            acknowledged.AddRange(spans.Select(Make.Describe));
        }
        catch (IOException)
        {
            doubtful.UnionWith(spans.Select(Make.Describe));
        }
        try
        {
            if (step % 5 == 4)
            {
                store.Flush(CancellationToken.None);
            }
            if (step % 8 == 7)
            {
                store.RunMaintenance();
            }
        }
        catch (IOException)
        {
            // What could not be written is tried again later.
        }
    }

    private static string[] Dump(TraceStore store) =>
        [.. store.Spans(new TraceFilter(), CancellationToken.None).Select(Make.Describe).Order(StringComparer.Ordinal)];
}
