namespace Pharos.Storage.Index;

/// <summary>One label name of an index with the pairs of its values.</summary>
/// <remarks>Not thread-safe; guarded by the lock of its index. Pairs are put in the order of their values when somebody asks for a
/// part of it: those up to <see cref="SortedCount"/> are.</remarks>
internal sealed class LabelName(string text, uint number)
{
    private uint[] _pairs = [];

    public string Text { get; } = text;

    public uint Number { get; } = number;

    /// <summary>The pairs that are in memory, with and without a series in the index.</summary>
    public int HeldCount { get; set; }

    public int Count { get; private set; }

    public int SortedCount { get; private set; }

    /// <summary>The pairs of which the index has series.</summary>
    public ReadOnlySpan<uint> Pairs => _pairs.AsSpan(0, Count);

    public void Add(uint pair)
    {
        if (Count == _pairs.Length)
        {
            Array.Resize(ref _pairs, Math.Max(2, Count * 2));
        }
        _pairs[Count++] = pair;
    }

    /// <summary>Takes out the pairs of which the index has no series any more.</summary>
    public void RemoveEmpty(LabelPairs pairs)
    {
        var kept = 0;
        var sorted = 0;
        for (var i = 0; i < Count; i++)
        {
            if (pairs[_pairs[i]].SeriesCount > 0)
            {
                _pairs[kept++] = _pairs[i];
                sorted += i < SortedCount ? 1 : 0;
            }
        }
        Count = kept;
        SortedCount = sorted;
        if (Count < _pairs.Length / 4)
        {
            Array.Resize(ref _pairs, Count);
        }
    }

    public void Sort(LabelPairs pairs)
    {
        _pairs.AsSpan(SortedCount, Count - SortedCount).Sort((left, right) => Compare(pairs, left, right));
        var merged = new uint[_pairs.Length];
        var (left, right) = (0, SortedCount);
        for (var i = 0; i < Count; i++)
        {
            var takeLeft = right == Count || (left < SortedCount && Compare(pairs, _pairs[left], _pairs[right]) <= 0);
            merged[i] = _pairs[takeLeft ? left++ : right++];
        }
        _pairs = merged;
        SortedCount = Count;
    }

    /// <summary>Of the sorted pairs those whose value begins with a text: from where (inclusive) to where (exclusive).</summary>
    public (int From, int To) Beginning(LabelPairs pairs, string prefix)
    {
        var from = FirstWhere(0, value => string.CompareOrdinal(value, prefix) >= 0);
        return (from, FirstWhere(from, value => !value.StartsWith(prefix, StringComparison.Ordinal)));

        int FirstWhere(int low, Func<string, bool> isBehind)
        {
            var high = SortedCount;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                (low, high) = isBehind(pairs[_pairs[middle]].Value!) ? (low, middle) : (middle + 1, high);
            }
            return low;
        }
    }

    private static int Compare(LabelPairs pairs, uint left, uint right) =>
        string.CompareOrdinal(pairs[left].Value, pairs[right].Value);
}
