using Pharos.Storage.Metrics.Log;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>How much of one commit is still on its way; see <see cref="SendProgress"/>.</summary>
internal sealed class CommitTicket(MetricLogPosition after, bool mayRepeat)
{
    private int _open = 1;

    /// <summary>The log's position behind the commit.</summary>
    public MetricLogPosition After { get; } = after;

    /// <summary>The commit was made before this queue began: parts of it may have been sent already.</summary>
    public bool MayRepeat { get; } = mayRepeat;

    public bool IsDone => Volatile.Read(ref _open) == 0;

    public void Add() => Interlocked.Increment(ref _open);

    /// <returns>Whether this was the last.</returns>
    public bool Release() => Interlocked.Decrement(ref _open) == 0;
}
