namespace Pharos.Alerting.Notifications;

/// <summary>What became of one attempt. <see cref="Reason"/> names the failure without any secret.</summary>
/// <param name="RetryAfter">What the other side asked for, where it did.</param>
public sealed record NotifyResult(NotifyOutcome Outcome, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly NotifyResult Sent = new(NotifyOutcome.Sent);
}
