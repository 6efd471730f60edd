using System.Buffers;
using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>One series of a block: its labels and where its chunks are, sorted by time.</summary>
internal sealed class MetricBlockSeries(MetricBlock block, int number, LabelSet labels, BlockChunk[] chunks, TimeRanges? deleted)
{
    /// <summary>Its number in the block.</summary>
    public int Number { get; } = number;

    /// <summary>What is deleted of it; null for nothing.</summary>
    public TimeRanges? Deleted { get; } = deleted;

    public LabelSet Labels { get; } = labels;

    public BlockChunk[] Chunks { get; } = chunks;

    /// <summary>Appends the samples in the range (both ends inclusive). Damaged chunks are reported and left out.</summary>
    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var start = into.Count;
        ForEachChunk(minTimeMs, maxTimeMs,
            (chunk, bytes) => ChunkReader.ReadRange(chunk.Kind, bytes, chunk.Count, minTimeMs, maxTimeMs, into));
        Deleted?.Apply(into, start);
    }

    /// <summary>Shows every whole chunk that overlaps the range; they stand side by side and are read in one go.</summary>
    /// <returns>Whether all of them were whole.</returns>
    public bool ForEachChunk(long minTimeMs, long maxTimeMs, ChunkAction action)
    {
        var first = Array.FindIndex(Chunks, chunk => chunk.MaxTimeMs >= minTimeMs);
        var last = Array.FindLastIndex(Chunks, chunk => chunk.MinTimeMs <= maxTimeMs);
        if (first < 0 || last < first)
        {
            return true;
        }
        var offset = Chunks[first].Offset;
        var size = (int)(Chunks[last].Offset + MetricBlockFormat.ChunkHeaderBytes + Chunks[last].SizeBytes - offset);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var stretch = buffer.AsSpan(0, size);
            block.ReadChunks(offset, stretch);
            var isWhole = true;
            foreach (var chunk in Chunks.AsSpan(first, last - first + 1))
            {
                if (block.TryGetChunk(stretch, offset, chunk, out var bytes))
                {
                    action(chunk, bytes);
                }
                else
                {
                    isWhole = false;
                }
            }
            return isWhole;
        }
        catch (IOException exception)
        {
            block.ReportUnreadable(exception);
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public delegate void ChunkAction(BlockChunk chunk, ReadOnlySpan<byte> bytes);
}
