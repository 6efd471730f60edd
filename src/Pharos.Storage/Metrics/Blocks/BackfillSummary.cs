namespace Pharos.Storage.Metrics.Blocks;

/// <summary>What a <see cref="BackfillBlockWriter"/> brought in. Both times are inclusive.</summary>
public sealed record BackfillSummary(int BlockCount, long SeriesCount, long SampleCount, long MinTimeMs, long MaxTimeMs);
