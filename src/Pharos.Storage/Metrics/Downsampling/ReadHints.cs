namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>How a reader will use the samples of a series, so that fewer may do.</summary>
/// <param name="AlignmentMs">Divides the end of every window, and their length.</param>
/// <param name="RangeMs">The length of the windows; 0 where only the newest sample before a time is wanted.</param>
public readonly record struct ReadHints(long AlignmentMs, long RangeMs, SampleAggregate Wanted)
{
    /// <summary>A window must have so many intervals.</summary>
    private const int LeastIntervals = 2;

    public bool Allow(long intervalMs) =>
        AlignmentMs % intervalMs == 0 && (RangeMs == 0 || RangeMs >= LeastIntervals * intervalMs);
}
