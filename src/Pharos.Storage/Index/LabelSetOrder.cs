using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>Sorts many label sets by numbers instead of texts.</summary>
/// <remarks>Exploits that the sets of a store share the texts of their labels: distinct labels are few, and each is compared with
/// the others once. Its plain twin is <see cref="LabelSet.CompareTo"/>.</remarks>
internal static class LabelSetOrder
{
    /// <summary>Numbers that are in the order of the sets, and equal for equal sets.</summary>
    public static ulong[] Keys(ReadOnlySpan<LabelSet> sets)
    {
        var numbered = new NumberedLabels(sets.Length);
        var known = new Dictionary<Label, int>(SameTexts.Instance);
        LabelSet? last = null;
        foreach (var set in sets)
        {
            var numbers = numbered.AddSet(set.Count);
            for (var at = 0; at < numbers.Length; at++)
            {
                var label = set[at];

                // Neighbours were made together, and are alike.
                if (last is not null && at < last.Count && SameTexts.Instance.Equals(label, last[at]))
                {
                    numbers[at] = numbered[numbered.Count - 2][at];
                }
                else if (!known.TryGetValue(label, out numbers[at]))
                {
                    known.Add(label, numbers[at] = numbered.AddLabel(label));
                }
            }
            last = set;
        }
        return Keys(numbered);
    }

    /// <summary>As for label sets.</summary>
    public static ulong[] Keys(NumberedLabels sets)
    {
        var ranks = Ranks(sets.Labels, out var distinct);
        var keys = new ulong[sets.Count];
        var longest = 0;
        for (var set = 0; set < keys.Length; set++)
        {
            longest = Math.Max(longest, sets[set].Length);
        }
        // By rank: first whether it is at the position, then its place among those that are. Rank 0 is no label.
        var places = new int[distinct];
        // Keys are below this.
        UInt128 bound = 1;
        for (var position = 0; position < longest; position++)
        {
            places.AsSpan().Clear();
            for (var set = 0; set < keys.Length; set++)
            {
                places[RankAt(sets[set], position, ranks)] = 1;
            }
            var count = 0;
            foreach (ref var place in places.AsSpan())
            {
                place = place == 0 ? 0 : count++;
            }
            if (bound * (uint)count > ulong.MaxValue)
            {
                bound = (uint)MakeDense(keys);
            }
            bound *= (uint)count;
            for (var set = 0; set < keys.Length; set++)
            {
                keys[set] = (keys[set] * (uint)count) + (uint)places[RankAt(sets[set], position, ranks)];
            }
        }
        return keys;
    }

    private static int RankAt(ReadOnlySpan<int> numbers, int position, int[] ranks) => position < numbers.Length ? ranks[numbers[position]] : 0;

    /// <summary>Per label its place among the distinct ones, by name and then by value, from 1 on.</summary>
    /// <param name="distinct">One more than the highest.</param>
    private static int[] Ranks(IReadOnlyList<Label> labels, out int distinct)
    {
        var order = new int[labels.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        Array.Sort(order, (left, right) => Compare(labels[left], labels[right]));
        var ranks = new int[labels.Count];
        distinct = 1;
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || Compare(labels[order[i - 1]], labels[order[i]]) != 0)
            {
                distinct++;
            }
            ranks[order[i]] = distinct - 1;
        }
        return ranks;
    }

    private static int Compare(Label left, Label right)
    {
        var byName = ReferenceEquals(left.Name, right.Name) ? 0 : string.CompareOrdinal(left.Name, right.Name);
        return byName != 0 ? byName : string.CompareOrdinal(left.Value, right.Value);
    }

    /// <summary>Replaces keys by their places among the distinct ones.</summary>
    /// <returns>How many are distinct.</returns>
    private static int MakeDense(Span<ulong> keys)
    {
        var sorted = keys.ToArray();
        Array.Sort(sorted);
        var count = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[count - 1])
            {
                sorted[count++] = sorted[i];
            }
        }
        var distinct = sorted.AsSpan(0, count);
        foreach (ref var key in keys)
        {
            key = (ulong)distinct.BinarySearch(key);
        }
        return count;
    }

    /// <summary>Labels of the very same texts: cheap, and found out later where texts are equal but not the same.</summary>
    private sealed class SameTexts : IEqualityComparer<Label>
    {
        public static readonly SameTexts Instance = new();

        public bool Equals(Label left, Label right) =>
            ReferenceEquals(left.Value, right.Value) && ReferenceEquals(left.Name, right.Name);

        public int GetHashCode([DisallowNull] Label label) => RuntimeHelpers.GetHashCode(label.Value);
    }
}
