namespace Pharos.Query.LogQL.Results;

/// <summary>What a query cost.</summary>
public sealed record LogQueryStatistics
{
    /// <summary>Lines of the selected streams in the query's range that were searched, decoded or not.</summary>
    public long Lines { get; init; }

    /// <summary>Of these lines.</summary>
    public long Bytes { get; init; }

    /// <summary>Lines that the stages kept.</summary>
    public long KeptLines { get; init; }

    /// <summary>Of the structured metadata that was read.</summary>
    public long MetadataBytes { get; init; }

    public int Blocks { get; init; }

    /// <summary>Blocks that a filter showed to hold nothing of interest, or that were answered from their counts.</summary>
    public int SkippedBlocks { get; init; }

    public int Streams { get; init; }

    /// <summary>Entries, or points of series, in the answer.</summary>
    public int Returned { get; init; }

    public TimeSpan Elapsed { get; init; }
}
