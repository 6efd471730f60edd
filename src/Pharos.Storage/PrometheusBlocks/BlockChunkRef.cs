namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Where a chunk of a block is.</summary>
/// <param name="MaxTimeMs">Inclusive.</param>
/// <param name="Reference">Segment in the upper half, offset in the lower.</param>
internal readonly record struct BlockChunkRef(long MinTimeMs, long MaxTimeMs, ulong Reference);
