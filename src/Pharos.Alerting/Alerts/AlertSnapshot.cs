namespace Pharos.Alerting.Alerts;

/// <summary>An alert with what the pipeline makes of it at this moment.</summary>
public sealed record AlertSnapshot
{
    public required Alert Alert { get; init; }

    /// <summary>Names, in the order of the routes: of two routes with one receiver it is there twice, as at Alertmanager.</summary>
    public required IReadOnlyList<string> Receivers { get; init; }

    public required AlertState State { get; init; }

    /// <summary>Ids of silences.</summary>
    public required IReadOnlyList<string> SilencedBy { get; init; }

    /// <summary>Fingerprints of alerts, sixteen hexadecimal digits.</summary>
    public required IReadOnlyList<string> InhibitedBy { get; init; }

    /// <summary>Names of time intervals.</summary>
    public required IReadOnlyList<string> MutedBy { get; init; }
}
