using Pharos.Query.PromQL.Functions;

namespace Pharos.Query.PromQL.Kernels;

/// <summary>The functions that reduce a window to one value.</summary>
internal static class OverTimeKernels
{
    public static void Count(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var counts = windows.Bounds.Count;
        for (var step = 0; step < row.Length; step++)
        {
            row[step] = counts[step];
        }
        windows.Bounds.HasOne.CopyTo(present);
    }

    public static void Present(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        row.Fill(1);
        windows.Bounds.HasOne.CopyTo(present);
    }

    public static void First(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        windows.CopyFirsts(row);
        windows.Bounds.HasOne.CopyTo(present);
    }

    public static void Last(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        windows.CopyLasts(row);
        windows.Bounds.HasOne.CopyTo(present);
    }

    public static void Changes(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var values = windows.Values;
        var until = windows.Scratch.Places(values.Length);
        until[0] = 0;
        for (var i = 1; i < values.Length; i++)
        {
            var differs = values[i] != values[i - 1] && !(double.IsNaN(values[i]) && double.IsNaN(values[i - 1]));
            until[i] = until[i - 1] + (differs ? 1 : 0);
        }
        Between(windows, until, row, present);
    }

    public static void Resets(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var values = windows.Values;
        var until = windows.Scratch.Places(values.Length);
        until[0] = 0;
        for (var i = 1; i < values.Length; i++)
        {
            until[i] = until[i - 1] + (values[i] < values[i - 1] ? 1 : 0);
        }
        Between(windows, until, row, present);
    }

    public static void Deriv(in PlainWindows windows, Span<double> row, Span<bool> present)
    {
        var bounds = windows.Bounds;
        for (var step = 0; step < row.Length; step++)
        {
            if (bounds.HasTwo[step])
            {
                var times = windows.Timestamps.Slice(bounds.First[step], bounds.Count[step]);
                row[step] = Regression.Line(times, windows.At(step), times[0]).Slope;
            }
        }
        bounds.HasTwo.CopyTo(present);
    }

    /// <summary>From the number of events up to each sample to that inside each window.</summary>
    private static void Between(in PlainWindows windows, ReadOnlySpan<int> until, Span<double> row, Span<bool> present)
    {
        var bounds = windows.Bounds;
        for (var step = 0; step < row.Length; step++)
        {
            row[step] = until[bounds.Last[step]] - until[bounds.First[step]];
        }
        bounds.HasOne.CopyTo(present);
    }
}
