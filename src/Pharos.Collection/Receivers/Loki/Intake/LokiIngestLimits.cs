using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Collection.Receivers.Loki.Otlp;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>What one tenant may send. Defaults are Loki's unless said otherwise; 0 is no limit where a limit may be left out.</summary>
public sealed record LokiIngestLimits
{
    public static readonly LokiIngestLimits Default = new();

    public long RateBytesPerSecond { get; init; } = 4L << 20;

    public long BurstBytes { get; init; } = 6L << 20;

    public long StreamRateBytesPerSecond { get; init; } = 3L << 20;

    public long StreamBurstBytes { get; init; } = 15L << 20;

    public long MaxLineBytes { get; init; } = 256 << 10;

    /// <summary>A line that is too long is cut instead of refused.</summary>
    public bool TruncateLines { get; init; }

    /// <summary>Stands at the end of a line that was cut.</summary>
    public string TruncationMark { get; init; } = "";

    public int MaxLabelNames { get; init; } = 15;

    public int MaxLabelNameLength { get; init; } = 1024;

    public int MaxLabelValueLength { get; init; } = 2048;

    public bool RejectOldSamples { get; init; } = true;

    public TimeSpan RejectOldSamplesMaxAge { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan CreationGracePeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Streams with entries not sealed yet. Loki's default is 5,000, for each costs it a chunk in memory; here a stream is a row of
    /// a table, and a label with a trace's id is fine.</summary>
    public int MaxActiveStreams { get; init; }

    public bool IncrementDuplicateTimestamps { get; init; }

    public bool AllowStructuredMetadata { get; init; } = true;

    public long MaxStructuredMetadataBytes { get; init; } = 64 << 10;

    public int MaxStructuredMetadataEntries { get; init; } = 128;

    /// <summary>Labels without which a stream is refused.</summary>
    public IReadOnlyList<string> RequiredLabels { get; init; } = [];

    /// <summary>Until then everything is refused, with <see cref="BlockedStatus"/>.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    public int BlockedStatus { get; init; } = 260;

    public IReadOnlyList<string> ServiceNameSources { get; init; } = ServiceNames.DefaultSources;

    public bool DiscoverLevels { get; init; } = true;

    public LevelFields LevelFields { get; init; } = LevelFields.Default;

    public OtlpLogOptions Otlp { get; init; } = OtlpLogOptions.Default;
}
