namespace Pharos.Storage.Metrics;

/// <summary>What one sealed block of a store holds.</summary>
/// <param name="MaxTimeMs">Exclusive.</param>
public sealed record StoredBlock(
    string File, long MinTimeMs, long MaxTimeMs, long SampleCount, long ChunkCount, long SeriesCount, long SizeBytes)
{
    /// <summary>The blocks of a store, oldest first.</summary>
    public static IReadOnlyList<StoredBlock> Of(MetricStore store) =>
    [
        .. store.View.Blocks.OrderBy(static block => block.Meta.MinTimeMs).Select(static block => new StoredBlock(
            block.FilePath, block.Meta.MinTimeMs, block.Meta.MaxTimeMs, block.Meta.SampleCount, block.Meta.ChunkCount,
            block.Meta.SeriesCount, block.SizeBytes)),
    ];
}
