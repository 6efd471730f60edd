namespace Pharos.Query.Results;

/// <param name="TotalSamples">Samples read by all selectors.</param>
/// <param name="PeakSamples">The most samples held at once.</param>
public sealed record QueryStatistics(long TotalSamples, long PeakSamples, TimeSpan Elapsed);
