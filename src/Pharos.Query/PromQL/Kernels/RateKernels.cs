using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>rate, increase, delta, irate and idelta.</summary>
/// <remarks>Timestamps are looked at once for all series that share them; a series without a reset is not searched window by
/// window; the divisions go four at a time. The order of operations is that of <c>Functions.Rates</c>.</remarks>
internal static class RateKernels
{
    public static void Rate(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        CounterChanges(windows, row);
        Extrapolate(windows, row, counter: true, perSecond: true);
        windows.Bounds.HasTwo.CopyTo(present);
    }

    public static void Increase(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        CounterChanges(windows, row);
        Extrapolate(windows, row, counter: true, perSecond: false);
        windows.Bounds.HasTwo.CopyTo(present);
    }

    public static void Delta(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        Changes(windows, row);
        Extrapolate(windows, row, counter: false, perSecond: false);
        windows.Bounds.HasTwo.CopyTo(present);
    }

    public static void Irate(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var values = windows.Values;
        var lasts = windows.Bounds.Last;
        var intervals = windows.Bounds.Extrapolation.LastInterval;
        for (var step = 0; step < row.Length; step++)
        {
            var (previous, last) = (values[Math.Max(0, lasts[step] - 1)], values[lasts[step]]);
            row[step] = (last < previous ? last : last - previous) / intervals[step];
        }
        windows.Bounds.HasTwo.CopyTo(present);
    }

    public static void Idelta(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var values = windows.Values;
        var lasts = windows.Bounds.Last;
        for (var step = 0; step < row.Length; step++)
        {
            row[step] = values[lasts[step]] - values[Math.Max(0, lasts[step] - 1)];
        }
        windows.Bounds.HasTwo.CopyTo(present);
    }

    private static void Changes(in PlainWindows windows, Span<double> row)
    {
        var firsts = windows.Scratch.First(row.Length);
        windows.CopyFirsts(firsts);
        windows.CopyLasts(row);
        Subtract(row, firsts);
    }

    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(Span<double> from, ReadOnlySpan<double> what)
    {
        ref var left = ref MemoryMarshal.GetReference(from);
        ref var right = ref MemoryMarshal.GetReference(what);
        var i = 0;
        for (; i + Vector256<double>.Count <= from.Length; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref left, (nuint)i) - Vector256.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref left, (nuint)i);
        }
        for (; i < from.Length; i++)
        {
            from[i] -= what[i];
        }
    }

    private static void CounterChanges(in PlainWindows windows, Span<double> row)
    {
        Changes(windows, row);
        var values = windows.Values;
        if (!Falls(values))
        {
            return;
        }
        var places = windows.Scratch.Places(values.Length);
        var count = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                places[count++] = i;
            }
        }
        var firsts = windows.Scratch.First(row.Length);
        var bounds = windows.Bounds;
        var oldest = 0;
        for (var step = 0; step < row.Length; step++)
        {
            var (from, to) = (bounds.First[step], bounds.Last[step]);
            while (oldest < count && places[oldest] <= from)
            {
                oldest++;
            }
            var change = values[to] - firsts[step];
            for (var i = oldest; i < count && places[i] <= to; i++)
            {
                change += values[places[i] - 1];
            }
            row[step] = change;
        }
    }

    /// <summary>Whether any value is below the one before it.</summary>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Falls(ReadOnlySpan<double> values)
    {
        ref var start = ref MemoryMarshal.GetReference(values);
        var i = 0;
        for (; i + Vector256<double>.Count < values.Length; i += Vector256<double>.Count)
        {
            if (Vector256.LessThanAny(Vector256.LoadUnsafe(ref start, (nuint)i + 1), Vector256.LoadUnsafe(ref start, (nuint)i)))
            {
                return true;
            }
        }
        for (i++; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Turns changes into results.</summary>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Extrapolate(in PlainWindows windows, Span<double> row, bool counter, bool perSecond)
    {
        var known = windows.Bounds.Extrapolation;
        ReadOnlySpan<double> sampled = known.Sampled;
        ReadOnlySpan<double> toStart = known.ToStart;
        ReadOnlySpan<double> toEnd = known.ToEnd;
        ReadOnlySpan<double> firsts = windows.Scratch.First(row.Length);
        var seconds = perSecond ? known.RangeSeconds : 1;
        var step = 0;
        for (; step + Vector256<double>.Count <= row.Length; step += Vector256<double>.Count)
        {
            var change = Vector256.Create<double>(row[step..]);
            var span = Vector256.Create(sampled[step..]);
            var before = Vector256.Create(toStart[step..]);
            if (counter)
            {
                var first = Vector256.Create(firsts[step..]);
                var bounded = Vector256.GreaterThan(change, Vector256<double>.Zero)
                    & Vector256.GreaterThanOrEqual(first, Vector256<double>.Zero);
                before = Vector256.ConditionalSelect(bounded, Vector256.Min(before, span * (first / change)), before);
            }
            var factor = (span + before + Vector256.Create(toEnd[step..])) / span / Vector256.Create(seconds);
            (change * factor).CopyTo(row[step..]);
        }
        for (; step < row.Length; step++)
        {
            var (change, span, before) = (row[step], sampled[step], toStart[step]);
            if (counter && change > 0 && firsts[step] >= 0)
            {
                before = Math.Min(before, span * (firsts[step] / change));
            }
            row[step] = change * ((span + before + toEnd[step]) / span / seconds);
        }
    }
}
