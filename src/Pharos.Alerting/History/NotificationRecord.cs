namespace Pharos.Alerting.History;

/// <summary>One notification that was sent, or given up, as the API and the UI show it.</summary>
public sealed record NotificationRecord
{
    public const int MaxAlerts = 100;
    public const int MaxAttempts = 50;

    private static readonly Dictionary<string, string> NoLabels = [];

    public required DateTimeOffset At { get; init; }

    public required string Receiver { get; init; }

    public required string Integration { get; init; }

    public required string GroupKey { get; init; }

    public required string Reason { get; init; }

    /// <summary><c>sent</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public int Attempts { get; init; }

    public string Error { get; init; } = "";

    // Records of before these were kept are read with nulls in their place.
    public IReadOnlyDictionary<string, string> GroupLabels { get; init => field = value ?? NoLabels; } = NoLabels;

    /// <summary>Those it told of, in its order; of a large group the first <see cref="MaxAlerts"/>.</summary>
    public IReadOnlyList<NotifiedAlert> Alerts { get; init => field = value ?? []; } = [];

    /// <summary>In the order of time: the first and the last ones where there were more than <see cref="MaxAttempts"/>.</summary>
    public IReadOnlyList<NotificationAttempt> Tries { get; init => field = value ?? []; } = [];

    /// <summary>As it was sent last, without secrets, cut where it is long; empty where the integration tells of none.</summary>
    public string Payload { get; init => field = value ?? ""; } = "";

    public bool IsPayloadCut { get; init; }

    public int FiringCount { get; init; }

    public int ResolvedCount { get; init; }

    /// <summary>From the first attempt to the last, in seconds.</summary>
    public double DurationSeconds { get; init; }
}
