namespace Pharos.Storage.Metrics.Head;

/// <summary>How many samples a series had after each commit that some open view may still ask for.</summary>
/// <remarks>Two commits stand inline, which is all that is needed while no view is open over several commits; the rest is
/// pruned whenever a commit is added. A mutable struct inside its series, under the series' lock.</remarks>
internal struct CommitHistory
{
    private (long Commit, long Count) _last;
    private (long Commit, long Count) _before;
    private List<(long Commit, long Count)>? _older;

    /// <param name="oldestReader">The oldest commit that may still be asked for.</param>
    public void Add(long commit, long count, long oldestReader)
    {
        if (_last.Commit == commit)
        {
            _last.Count = count;
            return;
        }
        if (_last.Commit <= oldestReader)
        {
            _older = null;
        }
        else if (_before.Commit > 0)
        {
            Prune(oldestReader);
            (_older ??= []).Add(_before);
        }
        _before = _last;
        _last = (commit, count);
    }

    /// <summary>The number of samples that the series had when <paramref name="commit"/> was the newest.</summary>
    public readonly long CountAt(long commit)
    {
        if (_last.Commit <= commit)
        {
            return _last.Count;
        }
        if (_before.Commit <= commit)
        {
            return _before.Count;
        }
        for (var i = (_older?.Count ?? 0) - 1; i >= 0; i--)
        {
            if (_older![i].Commit <= commit)
            {
                return _older[i].Count;
            }
        }
        return 0;
    }

    private readonly void Prune(long oldestReader)
    {
        // The newest entry at or before the oldest reader is the one that it sees; those before it nobody does.
        var keepFrom = (_older?.FindLastIndex(entry => entry.Commit <= oldestReader) ?? -1);
        if (keepFrom > 0)
        {
            _older!.RemoveRange(0, keepFrom);
        }
    }
}
