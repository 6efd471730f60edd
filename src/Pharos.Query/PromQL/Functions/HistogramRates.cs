using Pharos.Query.PromQL.Ranges;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions;

/// <summary>How much a series of histograms changed. Changes are gauges. Null where there is none.</summary>
internal static class HistogramRates
{
    /// <summary>From the first to the last of at least two histograms.</summary>
    public static NativeHistogram? Change(in WindowPoints points, bool counter, SeriesNotes notes)
    {
        var histograms = points.Histograms;
        var (first, last) = (histograms[0]!, histograms[^1]!);
        if (counter && (IsGauge(first) || IsGauge(last)))
        {
            notes.NotCounter();
        }
        if (counter && (points.StartsAnew(1) || histograms[1]!.IsResetSince(first)))
        {
            // What came before the reset counts for nothing, not even its buckets' layout.
            first = new NativeHistogram { Schema = histograms[1]!.Schema, CustomBounds = histograms[1]!.CustomBounds };
        }
        if (last.HasCustomBuckets != first.HasCustomBuckets)
        {
            notes.MixedBuckets();
            return null;
        }
        var schema = Math.Min(first.Schema, last.Schema);
        if (counter && !TryJoinSchemas(histograms, first.HasCustomBuckets, notes, ref schema))
        {
            return null;
        }
        var change = notes.Subtract(last.HasCustomBuckets ? last : last.AtSchema(schema), first);
        if (counter)
        {
            change = AddResets(change, first, points, notes);
        }
        else if (!IsGauge(histograms[0]!) || !IsGauge(last))
        {
            notes.NotGauge();
        }
        return change?.WithHint(CounterResetHint.Gauge).Compact();
    }

    /// <summary>Between the last two of a window, for irate and idelta.</summary>
    public static NativeHistogram? Last(in WindowPoints points, bool counter, SeriesNotes notes)
    {
        var (previous, last) = (points.Histograms[^2]!, points.Histograms[^1]!);
        if (counter && (IsGauge(previous) || IsGauge(last)))
        {
            notes.NotCounter();
        }
        if (!counter && (!IsGauge(previous) || !IsGauge(last)))
        {
            notes.NotGauge();
        }
        var isReset = counter && (points.StartsAnew(points.Count - 1) || last.IsResetSince(previous));
        var change = isReset ? last : notes.Subtract(last, previous);
        return change?.WithHint(CounterResetHint.Gauge).Compact();
    }

    private static bool IsGauge(NativeHistogram histogram) => histogram.ResetHint == CounterResetHint.Gauge;

    /// <summary>Looks at all between the first and the last.</summary>
    private static bool TryJoinSchemas(
        ReadOnlySpan<NativeHistogram?> histograms, bool hasCustomBuckets, SeriesNotes notes, ref int schema)
    {
        foreach (var histogram in histograms[1..^1])
        {
            if (IsGauge(histogram!))
            {
                notes.NotCounter();
            }
            schema = Math.Min(schema, histogram!.Schema);
            if (histogram.HasCustomBuckets != hasCustomBuckets)
            {
                notes.MixedBuckets();
                return false;
            }
        }
        return true;
    }

    private static NativeHistogram? AddResets(
        NativeHistogram? change, NativeHistogram first, in WindowPoints points, SeriesNotes notes)
    {
        var previous = first;
        for (var i = 1; i < points.Count && change is not null; i++)
        {
            if (i < points.StartTimes.Length
                && StartTimes.Overlap(points.StartTimes[i - 1], points.Timestamps[i - 1], points.StartTimes[i]))
            {
                notes.StartTimesOverlap();
            }
            var current = points.Histograms[i]!;
            if (points.StartsAnew(i) || current.IsResetSince(previous))
            {
                change = notes.Add(change, previous);
            }
            previous = current;
        }
        return change;
    }
}
