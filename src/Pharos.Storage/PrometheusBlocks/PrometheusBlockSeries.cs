using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>One series of a block. Usable while the block is open.</summary>
public sealed class PrometheusBlockSeries : IStoredSeries
{
    private readonly PrometheusBlock _block;
    private readonly List<BlockChunkRef> _chunks;
    private readonly List<TimeInterval> _deleted;

    internal PrometheusBlockSeries(
        PrometheusBlock block, LabelSet labels, List<BlockChunkRef> chunks, List<TimeInterval> deleted)
    {
        _block = block;
        _chunks = chunks;
        _deleted = deleted;
        Labels = labels;
    }

    public LabelSet Labels { get; }

    public int ChunkCount => _chunks.Count;

    /// <summary>Of the first chunk; there must be one.</summary>
    public long FirstTimeMs => _chunks[0].MinTimeMs;

    /// <summary>Of the last chunk; there must be one.</summary>
    public long LastTimeMs => _chunks[^1].MaxTimeMs;

    /// <summary>Encoding, number of samples and size in bytes of each chunk, deleted samples included.</summary>
    public IEnumerable<(ChunkEncoding Encoding, int Count, int SizeBytes)> Chunks => _chunks.Select(_block.Describe);

    public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var start = into.Count;
        foreach (var chunk in _chunks)
        {
            if (chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                _block.Read(chunk, minTimeMs, maxTimeMs, into);
            }
        }
        // Chunks of a block that was compacted out of order may overlap.
        SampleOrder.Restore(into, start);
        DeletedSamples.Remove(into, start, _deleted);
    }
}
