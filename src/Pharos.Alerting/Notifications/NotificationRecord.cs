namespace Pharos.Alerting.Notifications;

/// <summary>One notification that was sent, or given up, as the API and the UI show it.</summary>
public sealed record NotificationRecord
{
    public required DateTimeOffset At { get; init; }

    public required string Receiver { get; init; }

    public required string Integration { get; init; }

    public required string GroupKey { get; init; }

    public required string Reason { get; init; }

    /// <summary><c>sent</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public int Attempts { get; init; }

    public string Error { get; init; } = "";

    public int FiringCount { get; init; }

    public int ResolvedCount { get; init; }

    /// <summary>From the first attempt to the last, in seconds.</summary>
    public double DurationSeconds { get; init; }
}
