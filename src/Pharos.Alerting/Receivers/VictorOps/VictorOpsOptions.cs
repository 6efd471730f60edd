using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.VictorOps;

/// <summary>One entry of <c>victorops_configs</c>, global defaults already applied. Texts are templates unless said otherwise.</summary>
public sealed record VictorOpsOptions
{
    public bool SendResolved { get; init; } = true;

    /// <summary>Not a template; a part of the address.</summary>
    public required Secret ApiKey { get; init; }

    /// <summary>With a slash at the end; not a template.</summary>
    public string ApiUrl { get; init; } = "https://alert.victorops.com/integrations/generic/20131114/alert/";

    public required string RoutingKey { get; init; }

    /// <summary>INFO, WARNING or CRITICAL; anything else counts as CRITICAL.</summary>
    public string MessageType { get; init; } = "CRITICAL";

    public string StateMessage { get; init; } = """{{ template "victorops.default.state_message" . }}""";

    public string EntityDisplayName { get; init; } = """{{ template "victorops.default.entity_display_name" . }}""";

    public string MonitoringTool { get; init; } = """{{ template "victorops.default.monitoring_tool" . }}""";

    /// <summary>Further members of the message; the names are no templates.</summary>
    public IReadOnlyDictionary<string, string> CustomFields { get; init; } = new Dictionary<string, string>();
}
