using Pharos.Storage.Metrics.Downsampling;
using Pharos.Storage.Metrics.Retention;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics;

/// <summary>How a metric store on disk behaves. The defaults are Prometheus' own where it has the setting.</summary>
public sealed record MetricStoreOptions
{
    /// <summary>The store's folder; made where it is missing. Only one process at a time may have it open.</summary>
    public required string Directory { get; init; }

    /// <summary>Blocks that end this long before the newest sample are removed; zero keeps them for ever.</summary>
    public TimeSpan RetentionTime { get; init; } = TimeSpan.FromDays(15);

    /// <summary>What is kept shorter or longer than <see cref="RetentionTime"/>; the first rule that matches a series decides.</summary>
    public IReadOnlyList<RetentionRule> RetentionRules { get; init; } = [];

    /// <summary>What is kept in reduced form beside all samples.</summary>
    public IReadOnlyList<DownsamplingRule> DownsamplingRules { get; init; } = [];

    /// <summary>The oldest blocks are removed while blocks and log take more than this; 0 for no limit.</summary>
    public long RetentionBytes { get; init; }

    /// <summary>How long before the store's newest sample one is accepted that is older than the newest of its series; zero for
    /// none.</summary>
    public TimeSpan OutOfOrderWindow { get; init; }

    /// <summary>The length of the windows that the head is sealed by.</summary>
    public TimeSpan BlockDuration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>What a power cut may take; nothing committed is lost by the end of the process, whatever the choice.</summary>
    public FsyncPolicy Fsync { get; init; } = FsyncPolicy.Interval;

    /// <summary>How often <see cref="FsyncPolicy.Interval"/> forces the log to the disk.</summary>
    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most series that the head holds at a time; a new one beyond is refused.</summary>
    public int MaxSeries { get; init; } = 5_000_000;

    /// <summary>The newest exemplars of all series together that are kept; 0 for none.</summary>
    public int MaxExemplars { get; init; } = 100_000;

    /// <summary>How often the head is sealed, blocks are merged and old ones removed, as far as it is due.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The size at which a segment of the log ends.</summary>
    public long WalSegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>When the log has grown by this much since the last checkpoint, and by as much as that took, another is written, so that
    /// a restart never replays more.</summary>
    public long CheckpointBytes { get; init; } = 24 * 1024 * 1024;
}
