using Pharos.Storage.Logs;
using Pharos.Storage.Tests.Files;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Tests.Logs;

/// <summary>A disk that is full for a while.</summary>
public sealed class LogStoreFullDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ForgetfulFileSystem _disk = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(FsyncPolicy.EachCommit)]
    [InlineData(FsyncPolicy.Interval)]
    public void Appends_fail_queries_go_on_and_everything_works_again_once_there_is_room(FsyncPolicy fsync)
    {
        var options = Make.Options(_directory.Path) with { Fsync = fsync };
        var store = Make.Open(options, _disk);
        store.Append(Make.Labels("web"), Make.TimeNs, "sealed");
        store.Flush(CancellationToken.None);
        store.Append(Make.Labels("web"), Make.TimeNs + 1, "in memory");
        var before = store.Dump();
        Fill(isFull: true);
        for (var i = 0; i < 3; i++)
        {
            Assert.Throws<IOException>(() => store.Append(Make.Labels("web"), Make.TimeNs + 2, "refused"));
            Assert.Throws<IOException>(() => store.Append(Make.Labels("new"), Make.TimeNs + 2, "refused"));
            Assert.Throws<IOException>(() => store.Flush(CancellationToken.None));
            Assert.Throws<IOException>(() => store.Delete(new LogDeletion("1", Make.Tenant, [], 0, long.MaxValue, "")));
            Assert.Equal(before, store.Dump());
        }
        Fill(isFull: false);
        store.Append(Make.Labels("web"), Make.TimeNs + 3, "taken again");
        store.Append(Make.Labels("new"), Make.TimeNs + 3, "taken again");
        store.RunMaintenance();
        var after = store.Dump();
        Assert.Equal(4, after.Length);
        Assert.Subset(after.ToHashSet(StringComparer.Ordinal), before.ToHashSet(StringComparer.Ordinal));
        store.Flush(CancellationToken.None);
        Assert.Equal(after, store.Dump());
        store.Close();
        store = Make.Open(options, _disk);
        Assert.Equal(after, store.Dump());
        store.Close();
    }

    private void Fill(bool isFull)
    {
        _disk.FailAt = isFull ? _disk.Operations + 1 : 0;
        _disk.FailsFromThenOn = isFull;
    }
}
