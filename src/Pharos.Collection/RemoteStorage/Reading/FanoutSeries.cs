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
            Copy(samples[oldest], next[oldest], into);
            for (var i = 0; i < samples.Count; i++)
            {
                while (next[i] < samples[i].Count && samples[i].Timestamps[next[i]] == timestampMs)
                {
                    next[i]++;
                }
            }
        }
    }

    private static void Copy(SampleBuffer from, int at, SampleBuffer into) => into.Add(
        from.Timestamps[at], from.Values[at], from.Histograms.IsEmpty ? null : from.Histograms[at],
        from.StartTimes.IsEmpty ? 0 : from.StartTimes[at]);
}
