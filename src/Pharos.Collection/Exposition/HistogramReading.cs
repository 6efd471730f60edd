namespace Pharos.Collection.Exposition;

/// <summary>What is read of histograms and of the times at which counters began.</summary>
/// <param name="Native">Native histograms are read; without it only their classic form is.</param>
/// <param name="AlwaysClassic">The classic form is read beside a native one.</param>
/// <param name="ConvertClassic">A classic histogram without a native form is read as a native one with custom buckets.</param>
/// <param name="StartTimes">OpenMetrics' <c>_created</c> series are the start times of their family, not series.</param>
public readonly record struct HistogramReading(bool Native, bool AlwaysClassic, bool ConvertClassic, bool StartTimes);
