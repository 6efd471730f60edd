using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Metrics;

/// <summary>Brings samples that came from overlapping blocks into order.</summary>
internal static class SampleOrder
{
    /// <summary>Sorts what follows <paramref name="start"/> by time; of samples with one timestamp the last added stays. Does
    /// nothing but look where the samples are in order, as they are unless blocks overlap.</summary>
    public static void Restore(SampleBuffer samples, int start)
    {
        var timestamps = samples.Timestamps[start..];
        var i = 1;
        while (i < timestamps.Length && timestamps[i - 1] < timestamps[i])
        {
            i++;
        }
        if (i >= timestamps.Length)
        {
            return;
        }
        var copy = new SeriesSample[timestamps.Length];
        var order = new int[copy.Length];
        for (i = 0; i < copy.Length; i++)
        {
            copy[i] = samples.SampleAt(start + i);
            order[i] = i;
        }
        Array.Sort(order, (left, right) => copy[left].TimestampMs.CompareTo(copy[right].TimestampMs) is var byTime and not 0
            ? byTime : left.CompareTo(right));
        samples.Truncate(start);
        var before = -1;
        for (i = 0; i < order.Length; i++)
        {
            var at = order[i];
            if (i + 1 < order.Length && copy[order[i + 1]].TimestampMs == copy[at].TimestampMs)
            {
                continue;
            }
            // What a histogram knows of the sample before holds only where that still stands before it.
            var histogram = copy[at].Histogram is { } known && before != at - 1
                ? HistogramContinuity.WithoutKnowledge(known) : copy[at].Histogram;
            samples.Add(copy[at].TimestampMs, copy[at].Value, histogram, copy[at].StartTimeMs);
            before = at;
        }
    }
}
