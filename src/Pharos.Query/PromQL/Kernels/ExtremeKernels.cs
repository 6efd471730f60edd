using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pharos.Query.PromQL.Aggregations;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>min_over_time and max_over_time.</summary>
/// <remarks>Level after level holds the extremes of 1, 2, 4 ... neighbours, made four at a time; a window is covered by two
/// runs of the largest length that fits, which may overlap. That is exact: of equals the first counts, and NaN only where
/// nothing else is, however a window is cut.</remarks>
internal static class ExtremeKernels
{
    /// <summary>Bounds the room for levels; wider windows are walked.</summary>
    private const int MaxLevelRoom = 1 << 20;

    /// <summary>Fewer values are not worth it.</summary>
    private const int MinVectorised = 16;

    public static void Min(in PlainWindows windows, Span<double> row, Span<bool> present) => Fill(windows, row, present, largest: false);

    public static void Max(in PlainWindows windows, Span<double> row, Span<bool> present) => Fill(windows, row, present, largest: true);

    private static void Fill(in PlainWindows windows, Span<double> row, Span<bool> present, bool largest)
    {
        var bounds = windows.Bounds;
        var samples = windows.Values.Length;
        var levels = int.Log2(Math.Max(1, bounds.MaxCount)) + 1;
        bounds.HasOne.CopyTo(present);
        if (levels * (long)samples > Math.Min(MaxLevelRoom, row.Length * (long)bounds.MaxCount))
        {
            Walk(windows, row, largest);
            return;
        }
        var all = windows.Scratch.First(levels * samples);
        windows.Values.CopyTo(all);
        for (var level = 1; level < levels; level++)
        {
            var distance = 1 << (level - 1);
            var below = all.Slice((level - 1) * samples, samples - distance + 1);
            Pair(below[..^distance], below[distance..], all.Slice(level * samples, below.Length - distance), largest);
        }
        for (var step = 0; step < row.Length; step++)
        {
            var count = bounds.Count[step];
            if (count > 0)
            {
                var level = int.Log2(count);
                var at = (level * samples) + bounds.First[step];
                row[step] = One(all[at], all[at + count - (1 << level)], largest);
            }
        }
    }

    private static void Walk(in PlainWindows windows, Span<double> row, bool largest)
    {
        for (var step = 0; step < row.Length; step++)
        {
            if (windows.Bounds.HasOne[step])
            {
                row[step] = Of(windows.At(step), largest);
            }
        }
    }

    /// <summary>As <see cref="Aggregation.Extreme"/>, its plain twin: many values in lanes, and the twin where it matters which of several
    /// equals comes first, or where there is nothing but NaN.</summary>
    public static double Of(ReadOnlySpan<double> values, bool largest)
    {
        var extreme = values.Length < MinVectorised ? double.NaN : OfLanes(values, largest);
        return extreme is 0 or double.NaN ? Aggregation.Extreme(values, largest) : extreme;
    }

    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double OfLanes(ReadOnlySpan<double> values, bool largest)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var (even, odd) = (Vector256.LoadUnsafe(ref start), Vector256.LoadUnsafe(ref start, (nuint)Vector256<double>.Count));
        // The last stretch may overlap the one before it, which does no harm.
        for (var i = 2 * Vector256<double>.Count; i < values.Length; i += 2 * Vector256<double>.Count)
        {
            var at = (nuint)Math.Min(i, values.Length - (2 * Vector256<double>.Count));
            even = Better(even, Vector256.LoadUnsafe(ref start, at), largest);
            odd = Better(odd, Vector256.LoadUnsafe(ref start, at + (nuint)Vector256<double>.Count), largest);
        }
        even = Better(even, odd, largest);
        return One(One(even[0], even[1], largest), One(even[2], even[3], largest), largest);
    }

    private static Vector256<double> Better(Vector256<double> earlier, Vector256<double> later, bool largest)
    {
        var takesLater = (largest ? Vector256.GreaterThan(later, earlier) : Vector256.LessThan(later, earlier)) | ~Vector256.Equals(earlier, earlier);
        return Vector256.ConditionalSelect(takesLater, later, earlier);
    }

    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pair(ReadOnlySpan<double> earlier, ReadOnlySpan<double> later, Span<double> into, bool largest)
    {
        ref var left = ref MemoryMarshal.GetReference(earlier);
        ref var right = ref MemoryMarshal.GetReference(later);
        ref var target = ref MemoryMarshal.GetReference(into);
        var i = 0;
        for (; i + Vector256<double>.Count <= into.Length; i += Vector256<double>.Count)
        {
            var (a, b) = (Vector256.LoadUnsafe(ref left, (nuint)i), Vector256.LoadUnsafe(ref right, (nuint)i));
            Better(a, b, largest).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < into.Length; i++)
        {
            into[i] = One(earlier[i], later[i], largest);
        }
    }

    private static double One(double earlier, double later, bool largest) =>
        double.IsNaN(earlier) || (largest ? later > earlier : later < earlier) ? later : earlier;
}
