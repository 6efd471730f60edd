using Pharos.Alerting.Notifications;
using Pharos.Alerting.Rules;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Relabeling;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Collection.Scraping;
using Pharos.Collection.Shipping;
using Pharos.Server.Configuration.Loki;
using Pharos.Server.Configuration.Prometheus;
using Pharos.Server.Dashboards;
using Pharos.Storage.Model;

namespace Pharos.Server.Hosting;

/// <summary>Everything that the configuration files say, read once and validated.</summary>
internal sealed record ConfigurationSnapshot
{
    public IReadOnlyList<ScrapeJobOptions> ScrapeJobs { get; init; } = [];

    public IReadOnlyList<RuleGroupOptions> RuleGroups { get; init; } = [];

    /// <summary>Rules on logs, of every tenant.</summary>
    public IReadOnlyList<RuleGroupOptions> LogRuleGroups { get; init; } = [];

    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>The global one: also the resolution of subqueries that name none.</summary>
    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Applied to every alert of the rules before it is routed and sent on.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];

    /// <summary>To whom those alerts are sent on.</summary>
    public IReadOnlyList<AlertmanagerSetOptions> Alertmanagers { get; init; } = [];

    public StorageConfig Storage { get; init; } = StorageConfig.Default;

    /// <summary>Empty for none.</summary>
    public string QueryLogFile { get; init; } = "";

    public IReadOnlyList<RemoteWriteOptions> RemoteWrites { get; init; } = [];

    public IReadOnlyList<RemoteReadOptions> RemoteReads { get; init; } = [];

    public OtlpOptions Otlp { get; init; } = new();

    /// <summary>Null where there is no alertmanager.yml: alerts are shown, and nobody is told.</summary>
    public AlertmanagerOptions? Alertmanager { get; init; }

    /// <summary>Loki's defaults where there is no loki.yml.</summary>
    public LokiConfig Loki { get; init; } = LokiConfig.Default;

    /// <summary>What is shipped; null where there is no promtail.yml.</summary>
    public ShipperOptions? Shipper { get; init; }

    /// <summary>promtail.yml with its secrets hidden.</summary>
    public string PromtailText { get; init; } = "";

    /// <summary>loki.yml with its secrets hidden.</summary>
    public string LokiText { get; init; } = "";

    public DashboardCatalog Dashboards { get; init; } = DashboardCatalog.Empty;

    /// <summary>prometheus.yml with its secrets hidden.</summary>
    public string PrometheusText { get; init; } = "";

    /// <summary>The files that hold scrape jobs, secrets hidden.</summary>
    public IReadOnlyList<string> ScrapeConfigTexts { get; init; } = [];

    /// <summary>alertmanager.yml with its secrets hidden.</summary>
    public string AlertmanagerText { get; init; } = "";

    /// <summary>The files that this was read from: names, and patterns where the files say so.</summary>
    public IReadOnlyList<string> WatchedFiles { get; init; } = [];

    /// <summary>One line per file and per key that cannot be honoured.</summary>
    public IReadOnlyList<string> Report { get; init; } = [];

    /// <summary>Those lines of the report that say something is not as the files want it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
