using Pharos.Storage.Index;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Sorts series by their labels without making the label sets.</summary>
internal static class SeriesOrder
{
    /// <summary>Sorts as <see cref="Model.LabelSet.CompareTo"/> does. No series is freed meanwhile.</summary>
    public static void Sort(HeadSeries[] series, LabelIndex index)
    {
        var ranks = Ranks(series, index);
        Array.Sort(series, (left, right) => Compare(left.Table.PairsAt(left.Slot), right.Table.PairsAt(right.Slot), ranks));
    }

    /// <summary>By pair the number of pairs before it, by name and then by value.</summary>
    private static int[] Ranks(HeadSeries[] series, LabelIndex index)
    {
        var known = new HashSet<uint>();
        foreach (var one in series)
        {
            foreach (var pair in one.Table.PairsAt(one.Slot))
            {
                known.Add(pair);
            }
        }
        var pairs = known.ToArray();
        Array.Sort(pairs, (left, right) => string.CompareOrdinal(index[left].Name, index[right].Name) is var byName and not 0
            ? byName : string.CompareOrdinal(index[left].Value, index[right].Value));
        var ranks = new int[pairs.Length == 0 ? 0 : pairs.Max() + 1];
        for (var i = 0; i < pairs.Length; i++)
        {
            ranks[pairs[i]] = i;
        }
        return ranks;
    }

    private static int Compare(ReadOnlySpan<uint> left, ReadOnlySpan<uint> right, int[] ranks)
    {
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length) : ranks[left[same]].CompareTo(ranks[right[same]]);
    }
}
