using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>A group of alerts with its place in the routing tree.</summary>
public sealed record AlertGroupSnapshot
{
    public required string GroupKey { get; init; }

    public required LabelSet Labels { get; init; }

    public required LabelSet RouteLabels { get; init; }

    public required string Receiver { get; init; }

    /// <summary>Sorted by fingerprint.</summary>
    public required IReadOnlyList<AlertSnapshot> Alerts { get; init; }

    public required DateTimeOffset NextFlush { get; init; }

    /// <summary>Names of time intervals.</summary>
    public required IReadOnlyList<string> MutedBy { get; init; }
}
