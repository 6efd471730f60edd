using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Downsampling;

/// <summary>A series of which reduced windows stand for some of the time.</summary>
/// <param name="parts">In order of time, without overlap.</param>
/// <param name="rest">All its samples, for the time between; null where there are none.</param>
internal sealed class DownsampledSeries(LabelSet labels, IReadOnlyList<DownsampledPart> parts, IStoredSeries? rest, SampleAggregate wanted)
    : IStoredSeries
{
    public LabelSet Labels { get; } = labels;

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var atMs = minTimeMs;
        foreach (var part in parts)
        {
            if (part.ToMs < atMs)
            {
                continue;
            }
            if (part.FromMs > maxTimeMs)
            {
                break;
            }
            if (atMs < part.FromMs)
            {
                ReadRest(atMs, part.FromMs - 1, into);
            }
            part.Series.Read(Math.Max(atMs, part.FromMs), Math.Min(maxTimeMs, part.ToMs), into);
            if (part.ToMs >= maxTimeMs)
            {
                return;
            }
            atMs = part.ToMs + 1;
        }
        ReadRest(atMs, maxTimeMs, into);
    }

    /// <summary>Where counts are wanted, each sample counts one.</summary>
    private void ReadRest(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        if (wanted != SampleAggregate.Count)
        {
            rest?.Read(minTimeMs, maxTimeMs, into);
            return;
        }
        var samples = new SampleBuffer();
        rest?.Read(minTimeMs, maxTimeMs, samples);
        for (var i = 0; i < samples.Count; i++)
        {
            if (!StaleMarker.Is(samples.Values[i]))
            {
                into.Add(samples.Timestamps[i], 1);
            }
        }
    }
}
