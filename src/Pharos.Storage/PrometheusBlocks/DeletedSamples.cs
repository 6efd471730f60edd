using Pharos.Storage.Metrics;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Takes samples that tombstones cover out of a buffer.</summary>
internal static class DeletedSamples
{
    public static void Remove(SampleBuffer samples, int start, List<TimeInterval> deleted)
    {
        if (deleted.Count == 0)
        {
            return;
        }
        var kept = new SampleBuffer();
        for (var i = start; i < samples.Count; i++)
        {
            var timestampMs = samples.Timestamps[i];
            if (!deleted.Exists(interval => interval.Contains(timestampMs)))
            {
                samples.CopyTo(kept, i);
            }
        }
        samples.Truncate(start);
        for (var i = 0; i < kept.Count; i++)
        {
            kept.CopyTo(samples, i);
        }
    }
}
