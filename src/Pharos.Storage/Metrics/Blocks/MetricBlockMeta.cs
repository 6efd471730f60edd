namespace Pharos.Storage.Metrics.Blocks;

/// <summary>What a block says of itself.</summary>
/// <param name="Number">Its place among all blocks ever written here, and its file's name.</param>
/// <param name="MinTimeMs">Start of its window, inclusive.</param>
/// <param name="MaxTimeMs">End of its window, exclusive.</param>
/// <param name="Level">1 for what came from the head, one more for each merge.</param>
/// <param name="Sources">The blocks that it was merged from and replaces.</param>
internal sealed record MetricBlockMeta(long Number, long MinTimeMs, long MaxTimeMs, int Level, long SeriesCount,
    long ChunkCount, long SampleCount, IReadOnlyList<long> Sources)
{
    /// <summary>Up to when (exclusive) it, or a block in it, sealed the head; <see cref="long.MinValue"/> for one that holds only
    /// samples that came late or from elsewhere.</summary>
    public long SealedUntilMs { get; init; } = long.MinValue;

    /// <summary>Whether the block's window has a time of a range whose both ends are inclusive.</summary>
    public bool Overlaps(long minTimeMs, long maxTimeMs) => MinTimeMs <= maxTimeMs && MaxTimeMs > minTimeMs;
}
