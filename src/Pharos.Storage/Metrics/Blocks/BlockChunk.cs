using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Where a chunk stands in a block's file, and what it spans (both ends inclusive).</summary>
internal readonly record struct BlockChunk(ChunkKind Kind, long MinTimeMs, long MaxTimeMs, int Count, long Offset,
    int SizeBytes);
