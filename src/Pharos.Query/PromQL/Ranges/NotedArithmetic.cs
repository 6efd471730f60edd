using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Arithmetic on a series' histograms that says what went wrong with it. Null where there is no result.</summary>
/// <remarks>Resets that contradict each other go unmentioned: who uses these looks for resets itself.</remarks>
internal static class NotedArithmetic
{
    public static NativeHistogram? Add(this SeriesNotes notes, NativeHistogram one, NativeHistogram other)
    {
        var sum = one.Add(other, out var found);
        return Noted(notes, sum, found, HistogramOperation.Addition);
    }

    public static NativeHistogram? Subtract(this SeriesNotes notes, NativeHistogram one, NativeHistogram other)
    {
        var difference = one.Subtract(other, out var found);
        return Noted(notes, difference, found, HistogramOperation.Subtraction);
    }

    /// <summary>The histogram on the straight line between two neighbours; a counter that was reset there counts from zero.</summary>
    /// <param name="before">The first of the two.</param>
    public static NativeHistogram? Between(
        this SeriesNotes notes, in WindowPoints points, int before, long timeMs, bool isCounter)
    {
        var (from, to) = (points.Histograms[before]!, points.Histograms[before + 1]!);
        var (fromMs, toMs) = (points.Timestamps[before], points.Timestamps[before + 1]);
        if (timeMs == fromMs || timeMs == toMs)
        {
            return timeMs == fromMs ? from : to;
        }
        var fraction = (timeMs - fromMs) / (double)(toMs - fromMs);
        if (isCounter && to.IsResetSince(from))
        {
            return to.Multiply(fraction);
        }
        return notes.Subtract(to, from) is { } difference ? notes.Add(difference.Multiply(fraction), from) : null;
    }

    private static NativeHistogram? Noted(
        SeriesNotes notes, NativeHistogram? result, HistogramNotes found, HistogramOperation operation)
    {
        if (result is null)
        {
            notes.MixedBuckets();
        }
        else if (found.HasFlag(HistogramNotes.BoundsReconciled))
        {
            notes.BoundsReconciled(operation);
        }
        return result;
    }
}
