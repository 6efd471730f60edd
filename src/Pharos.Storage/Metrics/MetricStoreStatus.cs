namespace Pharos.Storage.Metrics;

/// <summary>Counts of the head block, in the shape that Prometheus' TSDB status shows.</summary>
public sealed record MetricStoreStatus
{
    public long SeriesCount { get; init; }

    public long ChunkCount { get; init; }

    public long LabelPairCount { get; init; }

    /// <summary>Inclusive, milliseconds; <see cref="long.MaxValue"/> for an empty head.</summary>
    public long MinTimeMs { get; init; }

    /// <summary>Inclusive, milliseconds; <see cref="long.MinValue"/> for an empty head.</summary>
    public long MaxTimeMs { get; init; }

    public int BlockCount { get; init; }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<MetricBlockStatus> Blocks { get; init; } = [];

    /// <summary>Files of blocks that are not served since the start, for what is in them.</summary>
    public IReadOnlyList<string> BlocksSetAside { get; init; } = [];

    /// <summary>Files of blocks that somebody else had removed before the start.</summary>
    public IReadOnlyList<string> BlocksMissing { get; init; } = [];

    public long SizeBytes { get; init; }

    public IReadOnlyList<KeyValuePair<string, long>> SeriesCountByMetricName { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, long>> LabelValueCountByLabelName { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, long>> MemoryInBytesByLabelName { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, long>> SeriesCountByLabelValuePair { get; init; } = [];
}
