using Pharos.Collection.Relabeling;
using Pharos.Collection.Scraping;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>All of <c>prometheus.yml</c> that Pharos acts on, validated.</summary>
internal sealed record PrometheusConfig
{
    public required GlobalConfig Global { get; init; }

    public IReadOnlyList<ScrapeJobOptions> ScrapeJobs { get; init; } = [];

    /// <summary>Absolute patterns, in the order of the file.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    /// <summary>Applied to each alert before it is routed.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];

    public StorageConfig Storage { get; init; } = new();
}
