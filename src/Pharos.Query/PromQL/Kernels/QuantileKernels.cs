using Pharos.Query.PromQL.Aggregations;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>quantile_over_time and mad_over_time.</summary>
/// <remarks>The window's values stay sorted from step to step: each sample is put in and taken out once. Two zeros of
/// different sign have no order of their own, so that a series with a negative one is sorted window by window.</remarks>
internal static class QuantileKernels
{
    public static void Quantile(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var quantiles = windows.Parameters[0];
        var sorted = windows.Scratch.First(windows.Bounds.MaxCount + 1);
        var values = windows.Values;
        var bounds = windows.Bounds;
        var hasNegativeZero = MemoryExtensions.Contains(
            System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(values), BitConverter.DoubleToInt64Bits(-0.0));
        var (from, to) = (0, 0);
        for (var step = 0; step < row.Length; step++)
        {
            var count = bounds.Count[step];
            if (count == 0)
            {
                continue;
            }
            var first = bounds.First[step];
            if (hasNegativeZero || first >= to)
            {
                windows.At(step).CopyTo(sorted);
                sorted[..count].Sort();
            }
            else
            {
                Slide(sorted, to - from, values[from..first], values[to..(first + count)]);
            }
            (from, to) = (first, first + count);
            row[step] = Statistics.QuantileOfSorted(quantiles[step], sorted[..count]);
        }
        bounds.HasOne.CopyTo(present);
    }

    public static void Mad(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        for (var step = 0; step < row.Length; step++)
        {
            var window = windows.At(step);
            var room = windows.Scratch.First(window.Length);
            window.CopyTo(room);
            row[step] = Statistics.MedianDeviation(room);
        }
        windows.Bounds.HasOne.CopyTo(present);
    }

    /// <summary>Takes out what has left the window and puts in what has come.</summary>
    /// <param name="sorted">Room for one more than any window holds.</param>
    private static void Slide(Span<double> sorted, int count, ReadOnlySpan<double> gone, ReadOnlySpan<double> come)
    {
        while (!gone.IsEmpty || !come.IsEmpty)
        {
            if (!gone.IsEmpty)
            {
                var at = PlaceOf(sorted[..count], gone[0]);
                sorted[(at + 1)..count].CopyTo(sorted[at..]);
                count--;
                gone = gone[1..];
            }
            if (!come.IsEmpty)
            {
                var at = PlaceOf(sorted[..count], come[0]);
                sorted[at..count].CopyTo(sorted[(at + 1)..]);
                sorted[at] = come[0];
                count++;
                come = come[1..];
            }
        }
    }

    /// <summary>How many are smaller; NaN is smaller than any number.</summary>
    private static int PlaceOf(ReadOnlySpan<double> sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value || (double.IsNaN(sorted[middle]) && !double.IsNaN(value)))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
