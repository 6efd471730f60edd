using Pharos.Storage.Metrics.Retention;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Writes one block that holds everything that several hold.</summary>
/// <remarks>Chunks are checked and copied as they are; only where chunks of one series overlap, or some of it is deleted, are they
/// packed anew. Chunks that are past their retention stay behind, and with its last chunk a series.</remarks>
internal static class BlockMerger
{
    public static void Write(
        IReadOnlyList<MetricBlock> blocks, RetentionHorizon horizon, MetricBlockWriter writer, CancellationToken cancellation)
    {
        // The next series of each block; a block is dropped when it has no more.
        var heads = new PriorityQueue<(MetricBlock Block, int Number, MetricBlockSeries Series), (MetricBlockSeries, int)>(
            Comparer<(MetricBlockSeries Series, int Order)>.Create(static (left, right) =>
                left.Series.Labels.CompareTo(right.Series.Labels) is var byLabels and not 0
                    ? byLabels : left.Order.CompareTo(right.Order)));
        for (var order = 0; order < blocks.Count; order++)
        {
            Push(heads, blocks[order], 0, order);
        }
        var parts = new List<MetricBlockSeries>();
        while (heads.TryDequeue(out var next, out var key))
        {
            cancellation.ThrowIfCancellationRequested();
            if (parts.Count > 0 && parts[0].Labels != next.Series.Labels)
            {
                WriteSeries(parts, horizon, writer);
            }
            parts.Add(next.Series);
            Push(heads, next.Block, next.Number + 1, key.Item2);
        }
        if (parts.Count > 0)
        {
            WriteSeries(parts, horizon, writer);
        }
    }

    private static void Push(PriorityQueue<(MetricBlock, int, MetricBlockSeries), (MetricBlockSeries, int)> heads,
        MetricBlock block, int number, int order)
    {
        if (number < block.SeriesCount)
        {
            var series = block.SeriesAt(number);
            heads.Enqueue((block, number, series), (series, order));
        }
    }

    private static void WriteSeries(List<MetricBlockSeries> parts, RetentionHorizon horizon, MetricBlockWriter writer)
    {
        writer.BeginSeries(parts[0].Labels);
        var fromMs = horizon.FromMs(parts[0].Labels);
        if (Overlap(parts) || parts.Exists(static part => part.Deleted is not null))
        {
            Repack(parts, fromMs, writer);
        }
        else
        {
            foreach (var part in parts)
            {
                part.ForEachChunk(fromMs, long.MaxValue,
                    (chunk, bytes) => writer.AddChunk(chunk.Kind, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Count, bytes));
            }
        }
        parts.Clear();
    }

    private static bool Overlap(List<MetricBlockSeries> parts)
    {
        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Chunks[0].MinTimeMs <= parts[i - 1].Chunks[^1].MaxTimeMs)
            {
                return true;
            }
        }
        return false;
    }

    private static void Repack(List<MetricBlockSeries> parts, long fromMs, MetricBlockWriter writer)
    {
        var samples = new SampleBuffer();
        foreach (var part in parts)
        {
            part.Read(fromMs, long.MaxValue, samples);
        }
        SampleOrder.Restore(samples, 0);
        SamplePacker.Pack(samples, 0, samples.Count, writer);
    }
}
