namespace Pharos.Alerting.Notifications;

/// <summary>What became of one attempt. <see cref="Reason"/> names the failure without any secret.</summary>
/// <param name="RetryAfter">What the other side asked for, where it did.</param>
public sealed record NotifyResult(NotifyOutcome Outcome, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly NotifyResult Sent = new(NotifyOutcome.Sent);

    /// <summary>What was said and answered, where the integration tells.</summary>
    public NotifyExchange? Exchange { get; init; }

    public NotifyFailure Failure { get; init; }

    /// <summary>The first template that failed and was replaced by plain text, or null.</summary>
    public string? TemplateProblem { get; init; }

    /// <summary>A failure that may pass.</summary>
    public static NotifyResult Again(NotifyFailure failure, string reason, TimeSpan? retryAfter = null) =>
        new(NotifyOutcome.Retry, reason, retryAfter) { Failure = failure };

    /// <summary>A failure for good.</summary>
    public static NotifyResult Never(NotifyFailure failure, string reason) => new(NotifyOutcome.Failed, reason) { Failure = failure };
}
