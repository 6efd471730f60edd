using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>One element of an alerting rule's result through time.</summary>
/// <remarks>Belongs to one rule group and changes only inside its evaluation.</remarks>
internal sealed class RuleAlert(LabelSet labels, DateTimeOffset activeAt)
{
    public LabelSet Labels { get; } = labels;

    public LabelSet Annotations { get; set; } = LabelSet.Empty;

    public double Value { get; set; }

    public RuleAlertState State { get; set; } = RuleAlertState.Pending;

    public DateTimeOffset ActiveAt { get; set; } = activeAt;

    public DateTimeOffset FiredAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public DateTimeOffset? KeepFiringSince { get; set; }

    public DateTimeOffset? LastSentAt { get; set; }

    public bool NeedsSending(DateTimeOffset now, TimeSpan resendDelay) => State != RuleAlertState.Pending
        && (LastSentAt is not { } sent || ResolvedAt > sent || sent + resendDelay < now);
}
