using Pharos.Collection.Discovery;

namespace Pharos.Collection.Scraping;

/// <summary>What holds for all jobs of a collector.</summary>
public sealed record CollectorOptions
{
    /// <summary>Sent with every scrape.</summary>
    public string UserAgent { get; init; } = "Pharos/0.1.0";

    /// <summary>Spreads the scrapes of several servers that watch the same targets; any number fixed per server.</summary>
    public ulong OffsetSeed { get; init; }

    /// <summary>A scrape that starts at most this much after its tick carries the tick's own time. Never more than 1% of the interval.</summary>
    /// <remarks>Prometheus' 2 ms, and what the runtime's timers add: they read a clock of 4 ms and may be two of its steps late. A series
    /// whose samples are equally far apart takes a bit per timestamp, one that is not takes 16.</remarks>
    public TimeSpan TimestampTolerance { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Prometheus' feature <c>created-timestamp-zero-ingestion</c>: as <see cref="StoreStartTimes"/>, and a counter
    /// gets a zero at its start.</summary>
    public bool IngestZeroAtStart { get; init; }

    /// <summary>Prometheus' feature <c>st-storage</c>: OpenMetrics' <c>_created</c> series are start times, and no series.
    /// The start times of the protobuf format are stored always.</summary>
    public bool StoreStartTimes { get; init; }

    /// <summary>Prometheus' feature <c>type-and-unit-labels</c>: what is known of a family becomes labels of its series.</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>Every job writes the series of <see cref="ScrapeJobOptions.ExtraScrapeMetrics"/>.</summary>
    public bool ExtraScrapeMetrics { get; init; }

    /// <summary>Reads .yml and .yaml target files. Without it such a file is an error of its discovery.</summary>
    public TargetFileReader? ReadYamlTargets { get; init; }

    /// <summary>Without it a target's global URL is its scrape URL.</summary>
    public GlobalUrlOptions? GlobalUrl { get; init; }
}
