using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.OpsGenie;

/// <summary>One entry of <c>opsgenie_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record OpsGenieOptions
{
    public bool SendResolved { get; init; } = true;

    public required Secret ApiKey { get; init; }

    /// <summary>With a slash at the end; not a template.</summary>
    public string ApiUrl { get; init; } = "https://api.opsgenie.com/";

    public string Message { get; init; } = """{{ template "opsgenie.default.message" . }}""";

    public string Description { get; init; } = """{{ template "opsgenie.default.description" . }}""";

    public string Source { get; init; } = """{{ template "opsgenie.default.source" . }}""";

    /// <summary>Added to the common labels, which they replace; the names are no templates.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    public string Entity { get; init; } = "";

    public IReadOnlyList<OpsGenieResponder> Responders { get; init; } = [];

    /// <summary>Comma-separated.</summary>
    public string Actions { get; init; } = "";

    /// <summary>Comma-separated.</summary>
    public string Tags { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>P1 to P5, or empty.</summary>
    public string Priority { get; init; } = "";

    /// <summary>Whether message and description of an alert that is open already are brought up to date.</summary>
    public bool UpdateAlerts { get; init; }
}
