using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Head;

/// <summary>The samples of a series that came out of order, in the order in which they came.</summary>
/// <remarks>Written under the series' lock. What was noted by <see cref="At"/> stays valid without it: samples are only ever
/// added, and what is dropped is dropped by making another list.</remarks>
internal sealed class LateSamples
{
    public static readonly ArraySegment<(SeriesSample Sample, long Commit)> None = ArraySegment<(SeriesSample, long)>.Empty;

    private readonly Dictionary<long, int> _byTime = [];
    private (SeriesSample Sample, long Commit)[] _items = new (SeriesSample, long)[4];

    public int Count { get; private set; }

    /// <summary>What a sample would be among those that came late: of one time there is only one.</summary>
    public AppendResult Check(in SeriesSample sample)
    {
        if (!_byTime.TryGetValue(sample.TimestampMs, out var at))
        {
            return AppendResult.Ok;
        }
        var known = _items[at].Sample;
        return sample.IsSameAs(known.Histogram, known.Value) ? AppendResult.SameAsStored : AppendResult.DuplicateTimestamp;
    }

    /// <summary>Adds a sample that <see cref="Check"/> found good.</summary>
    public void Add(in SeriesSample sample, long commit)
    {
        if (Count == _items.Length)
        {
            // A new array, never a resized one in place: readers hold the old.
            Array.Resize(ref _items, Count * 2);
        }
        _items[Count] = (sample, commit);
        _byTime.Add(sample.TimestampMs, Count);
        Count++;
    }

    /// <summary>The samples that a commit can see; commits rise.</summary>
    public ArraySegment<(SeriesSample Sample, long Commit)> At(long commit)
    {
        var count = Count;
        while (count > 0 && _items[count - 1].Commit > commit)
        {
            count--;
        }
        return new ArraySegment<(SeriesSample, long)>(_items, 0, count);
    }

    /// <summary>The list without the samples from one time to another (exclusive) that a commit could see; null where none is
    /// left.</summary>
    public LateSamples? Without(long fromMs, long beforeMs, long commit) =>
        Where((timestampMs, addedBy) => timestampMs < fromMs || timestampMs >= beforeMs || addedBy > commit);

    /// <summary>The list without the samples of a range; null where none is left.</summary>
    public LateSamples? Without(TimeRange range) => Where((timestampMs, _) => !range.Contains(timestampMs));

    private LateSamples? Where(Func<long, long, bool> isKept)
    {
        var left = new LateSamples();
        for (var i = 0; i < Count; i++)
        {
            if (isKept(_items[i].Sample.TimestampMs, _items[i].Commit))
            {
                left.Add(_items[i].Sample, _items[i].Commit);
            }
        }
        return left.Count == Count ? this : left.Count == 0 ? null : left;
    }
}
