namespace Pharos.Storage.Metrics;

/// <summary>What a sealed block holds.</summary>
/// <param name="Number">Its place among all blocks ever written to this store.</param>
/// <param name="MinTimeMs">Inclusive.</param>
/// <param name="MaxTimeMs">Exclusive.</param>
/// <param name="Level">1 for what came from the head, one more for each merge.</param>
/// <param name="Sources">The blocks that it was merged from.</param>
public sealed record MetricBlockStatus(
    long Number, long MinTimeMs, long MaxTimeMs, int Level, long SeriesCount, long ChunkCount, long SampleCount,
    IReadOnlyList<long> Sources);
