using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions;

/// <summary>How much a series of histograms changed between the bounds of an anchored or smoothed range.</summary>
internal static class ExtendedHistogramRates
{
    /// <summary>Null where there is no result; otherwise a gauge.</summary>
    public static NativeHistogram? Change(in RangeWindow window, bool counter)
    {
        var points = window.Histograms;
        var notes = window.Notes;
        if (!IsOfOneKind(points.Histograms, counter, notes))
        {
            return null;
        }
        var smoothed = window.Extension == RangeExtension.Smoothed;
        var left = smoothed && points.Timestamps[0] < window.StartMs
            ? notes.Between(points, 0, window.StartMs, counter) : points.Histograms[0];
        var right = smoothed && points.Count > 1 && points.Timestamps[^1] > window.EndMs
            ? notes.Between(points, points.Count - 2, window.EndMs, counter) : points.Histograms[^1];
        if (left is null || right is null)
        {
            return null;
        }
        if (!counter && (left.ResetHint != CounterResetHint.Gauge || right.ResetHint != CounterResetHint.Gauge))
        {
            notes.NotGauge();
        }
        var change = notes.Subtract(right, left);
        if (counter && change is not null)
        {
            change = AddResets(change, left, right, window);
        }
        return change?.WithHint(CounterResetHint.Gauge).Compact();
    }

    private static bool IsOfOneKind(ReadOnlySpan<NativeHistogram?> histograms, bool counter, SeriesNotes notes)
    {
        foreach (var histogram in histograms)
        {
            if (histogram!.HasCustomBuckets != histograms[0]!.HasCustomBuckets)
            {
                notes.MixedBuckets();
                return false;
            }
            if (counter && histogram.ResetHint == CounterResetHint.Gauge)
            {
                notes.NotCounter();
            }
        }
        return true;
    }

    private static NativeHistogram? AddResets(
        NativeHistogram change, NativeHistogram left, NativeHistogram right, in RangeWindow window)
    {
        var histograms = window.Histograms.Histograms;
        var first = 1;
        var previous = left;
        if (window.Extension == RangeExtension.Smoothed && window.Histograms.Timestamps[0] < window.StartMs
            && histograms[1]!.IsResetSince(histograms[0]!))
        {
            // The value at the start was found on the far side of that reset already.
            previous = histograms[1]!;
            first = 2;
        }
        NativeHistogram? sum = change;
        // The last sample itself is left out: the value at the end is it, or bears its hint.
        for (var i = first; i < histograms.Length && sum is not null; i++)
        {
            var current = i < histograms.Length - 1 ? histograms[i]! : right;
            if (current.IsResetSince(previous))
            {
                sum = window.Notes.Add(sum, previous);
            }
            previous = current;
        }
        return sum;
    }
}
