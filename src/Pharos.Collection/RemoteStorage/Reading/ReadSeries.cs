using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>A series that another server answered with.</summary>
internal sealed class ReadSeries(LabelSet labels, SampleBuffer samples) : IStoredSeries
{
    public LabelSet Labels { get; } = labels;

    /// <summary>In order of time.</summary>
    public SampleBuffer Samples { get; } = samples;

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var timestamps = Samples.Timestamps;
        var histograms = Samples.Histograms;
        for (var i = 0; i < timestamps.Length; i++)
        {
            if (timestamps[i] >= minTimeMs && timestamps[i] <= maxTimeMs)
            {
                into.Add(timestamps[i], Samples.Values[i], histograms.IsEmpty ? null : histograms[i], 0);
            }
        }
    }
}
