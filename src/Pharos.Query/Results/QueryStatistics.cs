namespace Pharos.Query.Results;

/// <param name="TotalSamples">Samples that the selectors gave to all steps together: one sample counts at each step that uses
/// it, a native histogram for its size in units of 16 bytes.</param>
/// <param name="PeakSamples">The most samples held at once.</param>
public sealed record QueryStatistics(long TotalSamples, long PeakSamples, TimeSpan Elapsed)
{
    /// <summary>The parts of <see cref="TotalSamples"/>, one per step, in the order of time; empty where the engine does not count
    /// them apart.</summary>
    public IReadOnlyList<(long TimestampMs, long Samples)> SamplesPerStep { get; init; } = [];

    public QueryTimings Timings { get; init; } = new();
}
