namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The states of some series that were made one after the other, under one lock.</summary>
internal sealed class SeriesPage
{
    public const int Bits = 8;
    public const int Size = 1 << Bits;

    private Dictionary<int, SeriesParts>? _parts;
    private OlderCommits? _older;

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
    public void CountSample(ref SeriesState state, int index, in CommitScope scope)
    {
        if (state.LastCommit == scope.Number)
        {
            state.LastCommitSamples++;
            return;
        }
        if (state.LastCommit > scope.OldestReader)
        {
            (_older ??= new OlderCommits()).Keep(index, state.LastCommit, state.LastCommitSamples, scope);
        }
        state.LastCommit = scope.Number;
        state.LastCommitSamples = 1;
    }

    /// <summary>How many of the newest samples of a series a commit does not see.</summary>
    public long HiddenFrom(in SeriesState state, int index, long commit) =>
        state.LastCommit <= commit ? 0 : state.LastCommitSamples + (_older?.HiddenFrom(index, commit) ?? 0);

    /// <summary>Forgets what views have seen for long.</summary>
    public void TrimCommits(in CommitScope scope)
    {
        if (_older?.IsIdle(scope) == true)
        {
            _older = null;
        }
    }

    /// <summary>Forgets all of a series.</summary>
    public void Clear(int index)
    {
        if (States[index].Has(SeriesFlags.HasParts))
        {
            _parts!.Remove(index);
        }
        States[index] = default;
        _older?.Forget(index);
    }
}
