using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Relabeling;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Collection.Scraping;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>All of <c>prometheus.yml</c> that Pharos acts on, validated.</summary>
internal sealed record PrometheusConfig
{
    public required GlobalConfig Global { get; init; }

    public IReadOnlyList<ScrapeJobOptions> ScrapeJobs { get; init; } = [];

    /// <summary>How each job connects, in the order of <see cref="ScrapeJobs"/>: for checks of the files that it names.</summary>
    public IReadOnlyList<HttpClientConfig> JobClients { get; init; } = [];

    /// <summary>The Alertmanagers elsewhere that alerts are sent on to.</summary>
    public IReadOnlyList<AlertmanagerSetOptions> Alertmanagers { get; init; } = [];

    /// <summary>Absolute patterns, in the order of the file.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    /// <summary>Applied to each alert before it is routed.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];

    public StorageConfig Storage { get; init; } = StorageConfig.Default;

    public IReadOnlyList<RemoteWriteOptions> RemoteWrites { get; init; } = [];

    public IReadOnlyList<RemoteReadOptions> RemoteReads { get; init; } = [];

    public OtlpOptions Otlp { get; init; } = new();
}
