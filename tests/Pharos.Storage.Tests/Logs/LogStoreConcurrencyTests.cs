using Pharos.Storage.Logs;

namespace Pharos.Storage.Tests.Logs;

/// <summary>Appends, reads, seals and merges at the same time.</summary>
public sealed class LogStoreConcurrencyTests : IDisposable
{
    private const int Writers = 3;
    private const int Batches = 300;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(Wal.FsyncPolicy.EachCommit)]
    [InlineData(Wal.FsyncPolicy.None)]
    public async Task Readers_see_whole_batches_and_nothing_twice(Wal.FsyncPolicy fsync)
    {
        var store = Make.Open(Make.Options(_directory.Path) with { Fsync = fsync, HeadBytes = 100_000 });
        using var stopping = new CancellationTokenSource();
        var upkeep = Task.Run(() =>
        {
            while (!stopping.IsCancellationRequested)
            {
                store.Flush(CancellationToken.None);
                store.RunMaintenance();
            }
        });
        var reader = Task.Run(() =>
        {
            while (!stopping.IsCancellationRequested)
            {
                Check(store.Dump());
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(store, writer))));
        await stopping.CancelAsync();
        await Task.WhenAll(upkeep, reader);
        var all = store.Dump();
        Assert.Equal(Writers * Batches * 2, all.Length);
        store.Close();
        store = Make.Open(Make.Options(_directory.Path));
        Assert.Equal(all, store.Dump());
        store.Close();
    }

    /// <summary>Each batch has two entries of two streams.</summary>
    private static void Check(string[] lines)
    {
        Assert.Equal(lines.Length, lines.Distinct(StringComparer.Ordinal).Count());
        var halves = lines.GroupBy(static line => line[line.IndexOf(' ', line.IndexOf('}', StringComparison.Ordinal))..], StringComparer.Ordinal);
        Assert.All(halves, static half => Assert.Equal(2, half.Count()));
    }

    private static void Write(LogStore store, int writer)
    {
        for (var i = 0; i < Batches; i++)
        {
            var timeNs = Make.TimeNs + (i * 3) + writer;
            store.Append(Make.Tenant, new LogLine(Make.Labels("left", $"{writer}"), timeNs, $"batch {i} of {writer}"),
                new LogLine(Make.Labels("right", $"{i % 7}"), timeNs, $"batch {i} of {writer}"));
        }
    }
}
