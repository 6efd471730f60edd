using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Loki;

/// <summary><c>ruler</c>: rules on logs.</summary>
internal sealed record LokiRulerConfig
{
    public static readonly LokiRulerConfig Default = new();

    /// <summary>Below it one folder a tenant with rule files; empty for none.</summary>
    public string Directory { get; init; } = "";

    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Added to the alerts and the recorded series of these rules, where they lack them.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>Whether rules can be read and changed over HTTP.</summary>
    public bool EnableApi { get; init; } = true;
}
