using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Metrics.Deletion;

/// <summary>The deleted stretches of a series: sorted, without overlap, never empty. Immutable.</summary>
internal sealed class TimeRanges
{
    private readonly TimeRange[] _ranges;

    public TimeRanges(params IEnumerable<TimeRange> ranges)
    {
        var merged = new List<TimeRange>();
        foreach (var range in ranges.OrderBy(static range => range.FromMs))
        {
            if (merged.Count > 0 && (range.FromMs <= merged[^1].ToMs || range.FromMs - 1 == merged[^1].ToMs))
            {
                merged[^1] = merged[^1] with { ToMs = Math.Max(merged[^1].ToMs, range.ToMs) };
            }
            else
            {
                merged.Add(range);
            }
        }
        _ranges = [.. merged];
    }

    public IReadOnlyList<TimeRange> All => _ranges;

    public TimeRanges With(TimeRange range) => new([.. _ranges, range]);

    /// <summary>What is left of the ranges from a time on, or null where nothing is.</summary>
    public TimeRanges? EndingAtOrAfter(long timeMs) =>
        _ranges[0].ToMs >= timeMs ? this
        : _ranges[^1].ToMs < timeMs ? null
        : new TimeRanges(_ranges.Where(range => range.ToMs >= timeMs));

    public bool Contains(long timeMs) => Array.Exists(_ranges, range => range.Contains(timeMs));

    public bool Overlaps(long fromMs, long toMs) => Array.Exists(_ranges, range => range.Overlaps(fromMs, toMs));

    /// <summary>Takes the deleted ones out of the samples that follow <paramref name="start"/>.</summary>
    public void Apply(SampleBuffer samples, int start)
    {
        var first = start;
        while (first < samples.Count && !Contains(samples.Timestamps[first]))
        {
            first++;
        }
        if (first == samples.Count)
        {
            return;
        }
        var rest = new SeriesSample[samples.Count - first];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = samples.SampleAt(first + i);
        }
        samples.Truncate(first);
        var isBehindGap = false;
        foreach (var sample in rest)
        {
            if (Contains(sample.TimestampMs))
            {
                isBehindGap = true;
                continue;
            }

            // A histogram behind the gap no longer stands behind the one that it was compared with.
            var histogram = isBehindGap && sample.Histogram is { } known
                ? HistogramContinuity.WithoutKnowledge(known) : sample.Histogram;
            samples.Add(sample.TimestampMs, sample.Value, histogram, sample.StartTimeMs);
            isBehindGap = false;
        }
    }
}
