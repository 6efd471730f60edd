using Pharos.Storage.Model;

namespace Pharos.Collection.Scraping;

/// <summary>One active target as <c>/api/v1/targets</c> shows it.</summary>
public sealed record TargetSnapshot
{
    public required LabelSet DiscoveredLabels { get; init; }

    /// <summary>The labels that its samples get.</summary>
    public required LabelSet Labels { get; init; }

    public required string ScrapePool { get; init; }

    public required string ScrapeUrl { get; init; }

    public required string GlobalUrl { get; init; }

    /// <summary>Empty where the last scrape was good.</summary>
    public required string LastError { get; init; }

    /// <summary>Null before the first scrape.</summary>
    public required DateTimeOffset? LastScrape { get; init; }

    public required TimeSpan LastScrapeDuration { get; init; }

    public required TargetHealth Health { get; init; }

    public required TimeSpan ScrapeInterval { get; init; }

    public required TimeSpan ScrapeTimeout { get; init; }

    /// <summary>What the target's last exposition said of its metric families.</summary>
    public required IReadOnlyDictionary<string, MetricMetadata> Metadata { get; init; }
}
