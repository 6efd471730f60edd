using Pharos.Collection.Scraping;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>The section <c>global</c>: what jobs and rule groups inherit. Limits are 0 where there is none.</summary>
internal sealed record GlobalConfig
{
    public static readonly GlobalConfig Default = new();

    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan ScrapeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan RuleQueryOffset { get; init; }

    /// <summary><c>$NAME</c> already replaced by the environment's value.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>Null where the file says nothing: then it depends on whether a job wants native histograms.</summary>
    public IReadOnlyList<ScrapeProtocol>? ScrapeProtocols { get; init; }

    public HistogramKeys Histograms { get; init; } = new();

    /// <summary>Null where the file says nothing: then it depends on which names are valid in a job.</summary>
    public NameEscaping? NameEscaping { get; init; }

    /// <summary>Empty for none.</summary>
    public string QueryLogFile { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string ScrapeFailureLogFile { get; init; } = "";

    public ScrapeLimits Limits { get; init; } = new();

    public bool LegacyNames { get; init; }

    public bool ExtraScrapeMetrics { get; init; }
}
