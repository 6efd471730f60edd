namespace Pharos.Server.Api.Loki.Queries;

/// <summary>What a query took, as far as this store has words for it.</summary>
internal sealed record LokiStatistics
{
    public static readonly LokiStatistics None = new();

    public double Seconds { get; init; }

    /// <summary>Of lines that were read.</summary>
    public long Bytes { get; init; }

    public long Lines { get; init; }

    /// <summary>Lines that all filters left.</summary>
    public long FilteredLines { get; init; }

    /// <summary>Lines or samples of the answer.</summary>
    public long Returned { get; init; }

    /// <summary>Blocks that the range and the selector left.</summary>
    public long Blocks { get; init; }

    /// <summary>Blocks that were read.</summary>
    public long BlocksRead { get; init; }

    public long MetadataBytes { get; init; }
}
