using Pharos.Storage.Metrics.Head;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Packs samples in order into chunks of a block.</summary>
internal static class SamplePacker
{
    /// <summary>Packs the samples from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive) of a series that
    /// the writer has begun.</summary>
    public static void Pack(SampleBuffer samples, int from, int to, MetricBlockWriter writer)
    {
        var open = new OpenChunk();
        for (var i = from; i < to; i++)
        {
            var sample = samples.SampleAt(i);
            if (open.Count > 0 && open.IsFullFor(sample))
            {
                Flush(ref open, writer);
            }
            open.Append(sample, sample.Histogram?.ResetHint ?? default);
        }
        if (open.Count > 0)
        {
            Flush(ref open, writer);
        }
    }

    private static void Flush(ref OpenChunk open, MetricBlockWriter writer)
    {
        var chunk = open.ToChunk();
        writer.AddChunk(chunk.Kind, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Count, chunk.Bytes);
        open.Reset();
    }
}
