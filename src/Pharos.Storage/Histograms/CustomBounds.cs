using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>The listed bounds of histograms with custom buckets.</summary>
internal static class CustomBounds
{
    /// <summary>The upper bound of the bucket of this index; past the last it is +Inf, before the first -Inf.</summary>
    public static double Upper(ImmutableArray<double> bounds, int index) =>
        index < 0 ? double.NegativeInfinity : index >= bounds.Length ? double.PositiveInfinity : bounds[index];

    public static bool Match(ImmutableArray<double> one, ImmutableArray<double> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The bounds that both have: to these both histograms can be brought without guessing.</summary>
    public static ImmutableArray<double> Intersect(ImmutableArray<double> one, ImmutableArray<double> other)
    {
        var common = ImmutableArray.CreateBuilder<double>();
        for (int i = 0, j = 0; i < one.Length && j < other.Length;)
        {
            if (one[i] == other[j])
            {
                common.Add(one[i]);
                i++;
                j++;
            }
            else if (one[i] < other[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
        return common.DrainToImmutable();
    }

    /// <summary>Maps indexes of the bounds to indexes of a subset of them: the bucket that ends at the same bound or the next.</summary>
    public static Func<int, int> MapTo(ImmutableArray<double> subset, ImmutableArray<double> bounds)
    {
        var map = new int[bounds.Length];
        var target = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            while (target < subset.Length && subset[target] < bounds[i])
            {
                target++;
            }
            map[i] = target;
        }
        return index => index >= map.Length ? subset.Length : map[Math.Max(index, 0)];
    }
}
