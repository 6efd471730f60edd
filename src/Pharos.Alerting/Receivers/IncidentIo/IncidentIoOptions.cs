using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.IncidentIo;

/// <summary>One entry of <c>incidentio_configs</c>. Nothing in it is a template.</summary>
public sealed record IncidentIoOptions
{
    public bool SendResolved { get; init; } = true;

    public required Secret Url { get; init; }

    /// <summary>Null: <c>http_config</c> authenticates.</summary>
    public Secret? AlertSourceToken { get; init; }

    /// <summary>The most alerts of one message; 0: all. What is cut off is counted in <c>truncatedAlerts</c>.</summary>
    public int MaxAlerts { get; init; }

    public TimeSpan? Timeout { get; init; }
}
