using Pharos.Storage.Wal;

namespace Pharos.Storage.Logs;

/// <summary>How a log store on disk behaves.</summary>
public sealed record LogStoreOptions
{
    /// <summary>The store's folder; made where it is missing. Only one process at a time may have it open.</summary>
    public required string Directory { get; init; }

    /// <summary>Entries older than this are removed; zero keeps them for ever, as Loki does without a compactor's retention.</summary>
    public TimeSpan RetentionTime { get; init; }

    /// <summary>What is kept shorter or longer than <see cref="RetentionTime"/>.</summary>
    public IReadOnlyList<LogRetentionRule> RetentionRules { get; init; } = [];

    /// <summary>The oldest days are removed while the store takes more than this; 0 for no limit.</summary>
    public long RetentionBytes { get; init; }

    /// <summary>What a power cut may take; nothing appended is lost by the end of the process, whatever the choice.</summary>
    public FsyncPolicy Fsync { get; init; } = FsyncPolicy.Interval;

    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries in memory are sealed when they take this much.</summary>
    public long HeadBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Entries in memory are sealed when they have been there for this long.</summary>
    public TimeSpan HeadAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often blocks are merged and old ones removed, as far as it is due.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromMinutes(1);

    public long WalSegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Makes of <see cref="LogDeletion.Filter"/> what decides; null where the text cannot be read any more, which deletes nothing.</summary>
    public Func<string, ILogRowFilter?> CompileFilter { get; init; } = static _ => null;

    /// <summary>Overwrites the memory of borrowed rows when it comes back, so that tests see who still reads it.</summary>
    internal bool PoisonsRows { get; init; }
}
