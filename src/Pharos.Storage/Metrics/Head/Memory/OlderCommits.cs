namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>How many samples each series of a page got by commits before its last, as far as some view does not see them.</summary>
/// <remarks>Commits between which no view stands count as one, so a view that is open for long costs one entry a series, however
/// many commits pass. Under the page's lock.</remarks>
internal sealed class OlderCommits
{
    /// <summary>Fewer entries than these are not looked through for those that every view sees.</summary>
    private const int MinPruned = 64;

    /// <summary>So many commits after the last that some view did not see, this is forgotten as a whole.</summary>
    private const int IdleCommits = 256;

    /// <summary>By series the newest of its entries; a commit of 0 for none.</summary>
    private readonly (long Commit, int Samples)[] _newest = new (long, int)[SeriesPage.Size];

    /// <summary>Those before: only where views of different commits are open.</summary>
    private readonly List<(int Index, int Samples, long Commit)> _before = [];
    private int _pruneAt = MinPruned;
    private long _lastCommit;

    public void Keep(int index, long commit, int samples, in CommitScope scope)
    {
        ref var newest = ref _newest[index];
        _lastCommit = commit;
        if (newest.Commit > scope.OldestReader)
        {
            if (newest.Commit > scope.NewestReader)
            {
                // Whoever does not see the one sees nothing of the other.
                newest.Samples += samples;
                return;
            }
            Prune(scope.OldestReader);
            _before.Add((index, newest.Samples, newest.Commit));
        }
        newest = (commit, samples);
    }

    /// <summary>The samples of these that a commit does not see.</summary>
    public long HiddenFrom(int index, long commit)
    {
        var (newest, hidden) = _newest[index];
        if (newest <= commit)
        {
            return 0;
        }
        foreach (var before in _before)
        {
            hidden += before.Index == index && before.Commit > commit ? before.Samples : 0;
        }
        return hidden;
    }

    public void Forget(int index)
    {
        _newest[index] = default;
        _before.RemoveAll(before => before.Index == index);
    }

    /// <summary>Whether views have seen all of it for long.</summary>
    public bool IsIdle(in CommitScope scope) => _lastCommit < scope.OldestReader - IdleCommits;

    private void Prune(long oldestReader)
    {
        if (_before.Count < _pruneAt)
        {
            return;
        }
        _before.RemoveAll(before => before.Commit <= oldestReader);
        _pruneAt = Math.Max(MinPruned, _before.Count * 2);
        if (_before.Capacity > _pruneAt * 2)
        {
            _before.Capacity = _pruneAt;
        }
    }
}
