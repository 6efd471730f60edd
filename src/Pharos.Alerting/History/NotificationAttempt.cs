namespace Pharos.Alerting.History;

/// <summary>One attempt to send a notification, and what the other side answered.</summary>
public sealed record NotificationAttempt
{
    public required DateTimeOffset At { get; init; }

    public double DurationSeconds { get; init; }

    /// <summary><c>sent</c>, <c>retry</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Of an answer over HTTP.</summary>
    public int? Status { get; init; }

    /// <summary>What the other side said, without secrets, cut where it is long.</summary>
    public string Answer { get; init; } = "";

    public string Error { get; init; } = "";

    /// <summary>The pause that the other side asked for.</summary>
    public double? RetryAfterSeconds { get; init; }
}
