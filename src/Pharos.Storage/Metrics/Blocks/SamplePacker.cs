using Pharos.Storage.Metrics.Head;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Packs samples in order into chunks of a block.</summary>
internal static class SamplePacker
{
    /// <summary>Packs the samples from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive) of a series that
    /// the writer has begun.</summary>
    public static void Pack(SampleBuffer samples, int from, int to, MetricBlockWriter writer)
    {
        foreach (var chunk in ChunkPacker.Pack(samples, from, to))
        {
            writer.AddChunk(chunk.Kind, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Count, chunk.Bytes);
        }
    }
}
