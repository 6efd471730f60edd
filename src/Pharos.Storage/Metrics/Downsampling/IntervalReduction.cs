using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>Reduces samples by intervals, each without its start and with its end, as the windows of PromQL are.</summary>
internal static class IntervalReduction
{
    /// <summary>A counter that begins anew more often within an interval is none: its falls are not kept.</summary>
    private const int MaxResets = 2;

    /// <summary>Appends what stays of the samples of a series, which are in order of time.</summary>
    /// <remarks>Histograms have points and a count; whoever wants their sum reads them all.</remarks>
    public static void Reduce(SampleBuffer samples, long intervalMs, SampleAggregate wanted, SampleBuffer into)
    {
        for (var from = 0; from < samples.Count;)
        {
            var endMs = EndOf(samples.Timestamps[from], intervalMs);
            var to = from + 1;
            while (to < samples.Count && samples.Timestamps[to] <= endMs)
            {
                to++;
            }
            if (wanted == SampleAggregate.Points && samples.HasHistograms)
            {
                AddMixedPoints(samples, from, to, into);
            }
            else if (wanted == SampleAggregate.Points)
            {
                AddPoints(samples, from, to, into);
            }
            else
            {
                AddTotal(samples.Values[from..to], endMs, wanted, into);
            }
            from = to;
        }
    }

    /// <summary>The end, inclusive, of the interval that a time lies in.</summary>
    public static long EndOf(long timeMs, long intervalMs)
    {
        var over = timeMs % intervalMs;
        return over == 0 ? timeMs : timeMs - over + (over > 0 ? intervalMs : 0);
    }

    private static void AddTotal(ReadOnlySpan<double> values, long endMs, SampleAggregate wanted, SampleBuffer into)
    {
        var (count, sum) = (0, 0.0);
        foreach (var value in values)
        {
            if (!StaleMarker.Is(value))
            {
                count++;
                sum += value;
            }
        }
        if (count > 0)
        {
            into.Add(endMs, wanted == SampleAggregate.Count ? count : sum);
        }
    }

    /// <summary>Staleness markers, the first and the last number, the least and the largest, and both sides of a counter's resets.</summary>
    private static void AddPoints(SampleBuffer samples, int from, int to, SampleBuffer into)
    {
        var values = samples.Values;
        var (first, last, least, largest, resets) = (-1, -1, -1, -1, 0);
        for (var i = from; i < to; i++)
        {
            if (StaleMarker.Is(values[i]))
            {
                continue;
            }
            first = first < 0 ? i : first;
            resets += last >= 0 && values[i] < values[last] ? 1 : 0;
            last = i;
            least = !double.IsNaN(values[i]) && (least < 0 || values[i] < values[least]) ? i : least;
            largest = !double.IsNaN(values[i]) && (largest < 0 || values[i] > values[largest]) ? i : largest;
        }
        var before = -1;
        for (var i = from; i < to; i++)
        {
            if (StaleMarker.Is(values[i]))
            {
                samples.CopyTo(into, i);
                continue;
            }
            var next = i + 1;
            while (next < to && StaleMarker.Is(values[next]))
            {
                next++;
            }
            var isAtReset = resets is > 0 and <= MaxResets
                && ((before >= 0 && values[i] < values[before]) || (next < to && values[next] < values[i]));
            if (isAtReset || i == first || i == last || i == least || i == largest)
            {
                samples.CopyTo(into, i);
            }
            before = i;
        }
    }

    /// <summary>Staleness markers, the first and the last sample, the least and the largest number, and both sides of every place where
    /// a counter fell or the form of the samples changed: the form of a rate depends on all that it is made of.</summary>
    private static void AddMixedPoints(SampleBuffer samples, int from, int to, SampleBuffer into)
    {
        var values = samples.Values;
        var histograms = samples.Histograms;
        var kept = new bool[to - from];
        var (before, least, largest) = (-1, -1, -1);
        for (var i = from; i < to; i++)
        {
            if (StaleMarker.Is(values[i]))
            {
                kept[i - from] = true;
                continue;
            }
            if (before < 0)
            {
                kept[i - from] = true;
            }
            else if (IsBreak(histograms[before], values[before], histograms[i], values[i]))
            {
                kept[before - from] = kept[i - from] = true;
            }
            before = i;
            if (histograms[i] is null && !double.IsNaN(values[i]))
            {
                least = least < 0 || values[i] < values[least] ? i : least;
                largest = largest < 0 || values[i] > values[largest] ? i : largest;
            }
        }
        foreach (var extreme in (ReadOnlySpan<int>)[before, least, largest])
        {
            if (extreme >= 0)
            {
                kept[extreme - from] = true;
            }
        }
        for (var i = from; i < to; i++)
        {
            if (kept[i - from])
            {
                samples.CopyTo(into, i);
            }
        }
    }

    private static bool IsBreak(NativeHistogram? before, double valueBefore, NativeHistogram? next, double value)
    {
        if (before is null || next is null)
        {
            return before is not null || next is not null || value < valueBefore;
        }
        var isGauge = next.ResetHint == CounterResetHint.Gauge;
        return next.Schema != before.Schema || !next.ZeroThreshold.Equals(before.ZeroThreshold)
            || !next.CustomBounds.AsSpan().SequenceEqual(before.CustomBounds.AsSpan())
            || isGauge != (before.ResetHint == CounterResetHint.Gauge) || (!isGauge && next.IsResetSince(before));
    }
}
