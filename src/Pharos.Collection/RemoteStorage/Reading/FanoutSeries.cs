using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>A series that several stores have: their samples in one order; where two have one of the same time, the first
/// store's counts.</summary>
internal sealed class FanoutSeries(IStoredSeries first) : IStoredSeries
{
    private readonly List<IStoredSeries> _parts = [first];

    public LabelSet Labels => first.Labels;

    public void Add(IStoredSeries part) => _parts.Add(part);

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        if (_parts.Count == 1)
        {
            first.Read(minTimeMs, maxTimeMs, into);
            return;
        }
        var samples = _parts.ConvertAll(part =>
        {
            var buffer = new SampleBuffer();
            part.Read(minTimeMs, maxTimeMs, buffer);
            return buffer;
        });
        var next = new int[samples.Count];
        var last = -1;
        while (true)
        {
            var oldest = -1;
            for (var i = 0; i < samples.Count; i++)
            {
                if (next[i] < samples[i].Count
                    && (oldest < 0 || samples[i].Timestamps[next[i]] < samples[oldest].Timestamps[next[oldest]]))
                {
                    oldest = i;
                }
            }
            if (oldest < 0)
            {
                return;
            }
            var timestampMs = samples[oldest].Timestamps[next[oldest]];
            Copy(samples[oldest], next[oldest], into, isNeighbour: oldest == last);
            last = oldest;
            for (var i = 0; i < samples.Count; i++)
            {
                while (next[i] < samples[i].Count && samples[i].Timestamps[next[i]] == timestampMs)
                {
                    next[i]++;
                }
            }
        }
    }

    /// <param name="isNeighbour">The sample before came from the same store.</param>
    private static void Copy(SampleBuffer from, int at, SampleBuffer into, bool isNeighbour)
    {
        var histogram = from.Histograms.IsEmpty ? null : from.Histograms[at];
        if (histogram is not null && !isNeighbour && histogram.ResetHint != CounterResetHint.Gauge)
        {
            // What it says of resets, it says of a sample of its own store.
            histogram = histogram.WithHint(CounterResetHint.Unknown);
        }
        into.Add(from.Timestamps[at], from.Values[at], histogram, from.StartTimes.IsEmpty ? 0 : from.StartTimes[at]);
    }
}
