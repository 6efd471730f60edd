namespace Pharos.Instrumentation.Exposition;

/// <summary>Counts of neighbouring buckets, from the lowest that has been used to the highest.</summary>
internal sealed class NativeWindow
{
    private ulong[] _counts = [];

    /// <summary>The bucket of the first count.</summary>
    public int First { get; private set; }

    public ReadOnlySpan<ulong> Counts => _counts.AsSpan(0, Count);

    private int Count { get; set; }

    /// <returns>False where the window would be wider than <see cref="NativeBuckets.MaxBuckets"/>.</returns>
    public bool TryAdd(int bucket)
    {
        if (Count == 0)
        {
            First = bucket;
        }
        var first = Math.Min(First, bucket);
        var last = Math.Max(First + Math.Max(Count, 1) - 1, bucket);
        var wanted = last - first + 1;
        if (wanted > NativeBuckets.MaxBuckets)
        {
            return false;
        }
        if (wanted > Count)
        {
            Widen(first, wanted);
        }
        _counts[bucket - First]++;
        return true;
    }

    /// <summary>Makes two neighbours one.</summary>
    public void Halve()
    {
        if (Count == 0)
        {
            return;
        }
        var first = (First + 1) >> 1;
        var last = (First + Count) >> 1;
        var merged = new ulong[_counts.Length];
        for (var i = 0; i < Count; i++)
        {
            merged[((First + i + 1) >> 1) - first] += _counts[i];
        }
        _counts = merged;
        First = first;
        Count = last - first + 1;
    }

    private void Widen(int first, int wanted)
    {
        var shift = First - first;
        var counts = wanted <= _counts.Length && shift == 0 ? _counts : new ulong[Math.Min(NativeBuckets.MaxBuckets, wanted * 2)];
        if (!ReferenceEquals(counts, _counts))
        {
            _counts.AsSpan(0, Count).CopyTo(counts.AsSpan(shift));
        }
        _counts = counts;
        First = first;
        Count = wanted;
    }
}
