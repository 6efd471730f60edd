using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>A run of one series' samples, all numbers or all native histograms, oldest first.</summary>
internal readonly ref struct WindowPoints(SampleBuffer buffer, int from, int to, bool useStartTimes)
{
    public readonly ReadOnlySpan<long> Timestamps = buffer.Timestamps[from..to];

    /// <summary>Of histograms the sums.</summary>
    public readonly ReadOnlySpan<double> Values = buffer.Values[from..to];

    /// <summary>Empty where these are numbers.</summary>
    public readonly ReadOnlySpan<NativeHistogram?> Histograms = buffer.HasHistograms ? buffer.Histograms[from..to] : default;

    /// <summary>When each sample's counter began, 0 where that is not known; empty where it is of none, or must not count.</summary>
    public readonly ReadOnlySpan<long> StartTimes = useStartTimes && buffer.HasStartTimes ? buffer.StartTimes[from..to] : default;

    public int Count => Timestamps.Length;

    public long StartTime(int index) => StartTimes.IsEmpty ? 0 : StartTimes[index];

    /// <summary>Whether the start times say that the counter began anew between a sample and the one before it.</summary>
    public bool StartsAnew(int index) => !StartTimes.IsEmpty && Ranges.StartTimes.SayReset(
        StartTimes[index - 1], Timestamps[index - 1], StartTimes[index], Timestamps[index]);
}
