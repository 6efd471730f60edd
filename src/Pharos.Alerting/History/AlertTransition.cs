namespace Pharos.Alerting.History;

/// <summary>One change of an alert's state, as the API shows it.</summary>
public sealed record AlertTransition
{
    public const string Firing = "firing";
    public const string Resolved = "resolved";
    public const string Suppressed = "suppressed";
    public const string Unsuppressed = "unsuppressed";

    /// <summary>When it was noticed.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Fingerprint { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>One of the constants of this class.</summary>
    public required string State { get; init; }

    public required string Reason { get; init; }

    /// <summary>What suppresses or did: <c>silence</c>, <c>inhibition</c> or <c>mute</c>; empty for firing and resolved.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Ids of silences, fingerprints of inhibiting alerts or names of time intervals.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Of a mute, which keeps one route quiet and no other; otherwise empty.</summary>
    public string Receiver { get; init; } = "";

    /// <summary>The route's id, where there is a receiver.</summary>
    public string Route { get; init; } = "";

    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>Of the alert that is over.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}
