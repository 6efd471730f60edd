using Pharos.Storage.Model;

namespace Pharos.Alerting.Rules;

/// <summary>One pending or firing alert of a rule.</summary>
public sealed record RuleAlertSnapshot(LabelSet Labels, LabelSet Annotations, RuleAlertState State, DateTimeOffset ActiveAt,
    double Value, DateTimeOffset? KeepFiringSince);
