using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>Sorts many label sets by numbers instead of texts.</summary>
/// <remarks>Exploits that the sets of a store share the texts of their labels: at each position the distinct labels are few, and
/// each is compared with the others once. Its plain twin is <see cref="LabelSet.CompareTo"/>. Sorting 50,000 sets of eight labels
/// in the order of their making: 9 to 13 ms, by comparison 28 to 45 ms (AMD EPYC, busy, November 2026); scattered over memory, or
/// without a text in common, they take as long as by comparison.</remarks>
internal static class LabelSetOrder
{
    /// <summary>Numbers that are in the order of the sets, and equal for equal sets.</summary>
    public static ulong[] Keys(ReadOnlySpan<LabelSet> sets)
    {
        // Every set is visited once: that is what takes the time where they are scattered in memory.
        var positions = new List<Position>();
        for (var i = 0; i < sets.Length; i++)
        {
            var labels = sets[i].Span;
            while (positions.Count < labels.Length)
            {
                positions.Add(new Position(sets.Length));
            }
            for (var at = 0; at < labels.Length; at++)
            {
                positions[at].Add(i, labels[at]);
            }
        }
        var keys = new ulong[sets.Length];
        // Keys are below this.
        UInt128 bound = 1;
        foreach (var position in positions)
        {
            var ranks = RanksOf(position.Labels, out var distinct);
            var numbers = position.Numbers;
            if (bound * (uint)distinct > ulong.MaxValue)
            {
                bound = (uint)MakeDense(keys);
            }
            bound *= (uint)distinct;
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = (keys[i] * (uint)distinct) + (uint)ranks[numbers[i]];
            }
            position.Dispose();
        }
        return keys;
    }

    /// <summary>Per number the place of its label among the distinct ones, from 1 on; of number 0, which is no label, 0.</summary>
    /// <param name="distinct">One more than the highest.</param>
    private static int[] RanksOf(List<Label> labels, out int distinct)
    {
        var order = Enumerable.Range(0, labels.Count).ToArray();
        Array.Sort(order, (left, right) => Compare(labels[left], labels[right]));
        var ranks = new int[labels.Count + 1];
        distinct = 1;
        for (var i = 0; i < order.Length; i++)
        {
            if (i == 0 || Compare(labels[order[i - 1]], labels[order[i]]) != 0)
            {
                distinct++;
            }
            ranks[order[i] + 1] = distinct - 1;
        }
        return ranks;
    }

    private static int Compare(Label left, Label right)
    {
        var byName = string.CompareOrdinal(left.Name, right.Name);
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

    /// <summary>The labels that sets have at one position.</summary>
    private sealed class Position : IDisposable
    {
        private readonly int[] _numbersOfSets;
        private readonly Dictionary<Label, int> _numbers = new(SameTexts.Instance);
        private Label _last;
        private int _lastNumber;

        public Position(int sets)
        {
            // Of many sets they are large: too many of these, and each query would be work for the collector.
            _numbersOfSets = ArrayPool<int>.Shared.Rent(sets);
            _numbersOfSets.AsSpan(0, sets).Clear();
        }

        /// <summary>Per set the number of its label, from 1 on; 0 for none.</summary>
        public ReadOnlySpan<int> Numbers => _numbersOfSets;

        /// <summary>By number; some may be equal.</summary>
        public List<Label> Labels { get; } = [];

        public void Add(int set, Label label)
        {
            // Neighbours were made together, and are alike.
            if (_lastNumber == 0 || !SameTexts.Instance.Equals(label, _last))
            {
                if (!_numbers.TryGetValue(label, out _lastNumber))
                {
                    Labels.Add(label);
                    _lastNumber = Labels.Count;
                    _numbers.Add(label, _lastNumber);
                }
                _last = label;
            }
            _numbersOfSets[set] = _lastNumber;
        }

        public void Dispose() => ArrayPool<int>.Shared.Return(_numbersOfSets);
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
