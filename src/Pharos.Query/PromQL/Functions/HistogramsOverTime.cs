using Pharos.Query.PromQL.Aggregations;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Ranges;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions;

/// <summary>sum_over_time and avg_over_time of windows with histograms.</summary>
internal static class HistogramsOverTime
{
    public static bool TrySum(in RangeWindow window, out Element value)
    {
        value = default;
        if (!IsPure(window))
        {
            return false;
        }
        var sum = new HistogramAccumulator(window.Histograms.Histograms[0]!);
        if (!TryAddAll(window, sum.Add))
        {
            return false;
        }
        value = sum.ToHistogram();
        return true;
    }

    public static bool TryAverage(in RangeWindow window, out Element value)
    {
        value = default;
        if (!IsPure(window))
        {
            return false;
        }
        var mean = new HistogramMean(window.Histograms.Histograms[0]!);
        if (!TryAddAll(window, mean.Add))
        {
            return false;
        }
        value = mean.ToHistogram();
        return true;
    }

    private static bool IsPure(in RangeWindow window)
    {
        if (window.IsMixed)
        {
            window.Notes.MixedTypes();
        }
        return !window.IsMixed;
    }

    private static bool TryAddAll(in RangeWindow window, Func<NativeHistogram, HistogramNotes> add)
    {
        var histograms = window.Histograms.Histograms;
        var found = HistogramNotes.None;
        var hints = new ResetHints();
        hints.See(histograms[0]!);
        foreach (var histogram in histograms[1..])
        {
            hints.See(histogram!);
            found |= add(histogram!);
            if (found.HasFlag(HistogramNotes.Incompatible))
            {
                window.Notes.MixedBuckets();
                return false;
            }
        }
        if (hints.Collide)
        {
            window.Notes.ResetsCollide();
        }
        if (found.HasFlag(HistogramNotes.BoundsReconciled))
        {
            window.Notes.BoundsReconciled(HistogramOperation.Aggregation);
        }
        return true;
    }
}
