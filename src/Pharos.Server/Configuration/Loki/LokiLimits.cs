using Pharos.Collection.Receivers.Loki.Intake;

namespace Pharos.Server.Configuration.Loki;

/// <summary>What one tenant may send and ask. Defaults are Loki's; 0 is no limit where a limit may be left out.</summary>
internal sealed record LokiLimits
{
    public static readonly LokiLimits Default = new();

    public LokiIngestLimits Ingest { get; init; } = LokiIngestLimits.Default;

    public int MaxEntriesPerQuery { get; init; } = 5000;

    public int MaxQuerySeries { get; init; } = 500;

    /// <summary>From a query's start to its end.</summary>
    public TimeSpan MaxQueryLength { get; init; } = TimeSpan.FromHours(721);

    /// <summary>How old what is asked for may be: a query's start is moved to it.</summary>
    public TimeSpan MaxQueryLookback { get; init; }

    /// <summary>The longest range in brackets.</summary>
    public TimeSpan MaxQueryRange { get; init; }

    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromMinutes(1);

    public long MaxQueryBytes { get; init; }

    public int MaxConcurrentTails { get; init; } = 10;

    public int MaxMatchers { get; init; } = 1000;

    public bool VolumeEnabled { get; init; } = true;

    public int VolumeMaxSeries { get; init; } = 1000;

    public TimeSpan RetentionPeriod { get; init; }

    public IReadOnlyList<LokiStreamRetention> RetentionStreams { get; init; } = [];

    /// <summary><c>disabled</c>, <c>filter-only</c> or <c>filter-and-delete</c>.</summary>
    public string DeletionMode { get; init; } = "filter-and-delete";

    public IReadOnlyList<LokiBlockedQuery> BlockedQueries { get; init; } = [];

    /// <summary>Labels that the selector of a query must name.</summary>
    public IReadOnlyList<string> RequiredLabels { get; init; } = [];

    /// <summary>Matchers that the selector of a query must have.</summary>
    public int MinimumMatchers { get; init; }

    public int MaxRulesPerGroup { get; init; }

    public int MaxRuleGroups { get; init; }
}
