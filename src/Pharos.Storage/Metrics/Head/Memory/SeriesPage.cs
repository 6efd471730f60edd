namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The states of some series that were made one after the other, under one lock.</summary>
internal sealed class SeriesPage
{
    public const int Bits = 8;
    public const int Size = 1 << Bits;

    /// <summary>Fewer commits than these are not looked through for those that no view asks for any more.</summary>
    private const int MinPruned = 64;

    private Dictionary<int, SeriesParts>? _parts;
    private List<(int Index, int Samples, long Commit)>? _olderCommits;
    private long _newestOlderCommit;
    private int _pruneAt = MinPruned;

    /// <summary>A leaf in the lock order. Samples are only ever added by the holder of the head's commit lock, too.</summary>
    public Lock Lock { get; } = new();

    public SeriesState[] States { get; } = new SeriesState[Size];

    /// <summary>The rare parts of a series; null for none.</summary>
    public SeriesParts? PartsOf(int index) => States[index].Has(SeriesFlags.HasParts) ? _parts![index] : null;

    public SeriesParts MakeParts(int index)
    {
        if (PartsOf(index) is { } known)
        {
            return known;
        }
        States[index].Flags |= SeriesFlags.HasParts;
        return (_parts ??= [])[index] = new SeriesParts();
    }

    /// <summary>Forgets the parts of a series if nothing is left in them.</summary>
    public void TrimParts(int index)
    {
        if (PartsOf(index) is { IsEmpty: true })
        {
            States[index].Flags &= ~SeriesFlags.HasParts;
            _parts!.Remove(index);
        }
    }

    /// <summary>Notes a sample as part of a commit.</summary>
    /// <param name="oldestReader">The oldest commit that some open view may still ask for: what was committed up to then, every view
    /// sees.</param>
    public void CountSample(ref SeriesState state, int index, long commit, long oldestReader)
    {
        if (state.LastCommit == commit)
        {
            state.LastCommitSamples++;
            return;
        }
        if (state.LastCommit > oldestReader)
        {
            KeepCommit(ref state, index, oldestReader);
        }
        state.LastCommit = commit;
        state.LastCommitSamples = 1;
    }

    /// <summary>How many of the newest samples of a series a commit does not see.</summary>
    public long HiddenFrom(in SeriesState state, int index, long commit)
    {
        if (state.LastCommit <= commit)
        {
            return 0;
        }
        long hidden = state.LastCommitSamples;
        if (state.Has(SeriesFlags.HasOlderCommits) && _olderCommits is not null)
        {
            foreach (var older in _olderCommits)
            {
                hidden += older.Index == index && older.Commit > commit ? older.Samples : 0;
            }
        }
        return hidden;
    }

    /// <summary>Forgets all of a series.</summary>
    public void Clear(int index)
    {
        if (States[index].Has(SeriesFlags.HasParts))
        {
            _parts!.Remove(index);
        }
        States[index] = default;
        _olderCommits?.RemoveAll(older => older.Index == index);
    }

    private void KeepCommit(ref SeriesState state, int index, long oldestReader)
    {
        _olderCommits ??= [];
        if (_newestOlderCommit <= oldestReader)
        {
            _olderCommits.Clear();
        }
        else if (_olderCommits.Count >= _pruneAt)
        {
            _olderCommits.RemoveAll(older => older.Commit <= oldestReader);
            _pruneAt = Math.Max(MinPruned, _olderCommits.Count * 2);
        }
        _newestOlderCommit = Math.Max(_newestOlderCommit, state.LastCommit);
        _olderCommits.Add((index, state.LastCommitSamples, state.LastCommit));
        state.Flags |= SeriesFlags.HasOlderCommits;
    }
}
