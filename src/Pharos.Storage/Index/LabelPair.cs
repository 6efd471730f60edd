namespace Pharos.Storage.Index;

/// <summary>A label name with one value: what a series' labels are made of, and what has a posting list.</summary>
internal struct LabelPair
{
    public LabelName? Name;

    /// <summary>Null while the number is free.</summary>
    public string? Value;

    /// <summary>The series in the index that have the pair; null where there is at most one, which is then <see cref="OnlyId"/>.</summary>
    public PostingList? Series;
    public ulong OnlyId;
    public int Hash;

    /// <summary>How many series in memory are made of the pair.</summary>
    public int HolderCount;

    public readonly int SeriesCount => Series?.Count ?? (OnlyId == 0 ? 0 : 1);

    public void Add(ulong id)
    {
        if (Series is null && OnlyId == 0)
        {
            OnlyId = id;
            return;
        }
        if (Series is null)
        {
            Series = new PostingList();
            Series.Add(OnlyId);
        }
        Series.Add(id);
    }

    public void Remove(IdSet gone)
    {
        Series?.Remove(gone);
        if (Series is { Count: 0 } || (Series is null && gone.Contains(OnlyId)))
        {
            Series = null;
            OnlyId = 0;
        }
    }

    public readonly void AddTo(IdSet into)
    {
        if (Series is not null)
        {
            Series.AddTo(into);
        }
        else if (OnlyId != 0)
        {
            into.Add(OnlyId);
        }
    }
}
