using Pharos.Alerting.Alerts;
using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;

namespace Pharos.Server.Forwarding;

/// <summary>What happens to an alert's labels behind its rule: external labels are added where the alert has none of that
/// name, then <c>alert_relabel_configs</c> apply.</summary>
internal sealed class AlertLabels(LabelSet external, IReadOnlyList<RelabelRule> rules)
{
    public IReadOnlyList<Alert> Complete(IReadOnlyList<Alert> alerts) =>
        external.Count == 0 && rules.Count == 0 ? alerts : Relabel(rules, alerts, external);

    /// <returns>The alerts that no rule drops; the same list where there are no rules.</returns>
    public static IReadOnlyList<Alert> Relabel(IReadOnlyList<RelabelRule> rules, IReadOnlyList<Alert> alerts) =>
        rules.Count == 0 ? alerts : Relabel(rules, alerts, LabelSet.Empty);

    private static List<Alert> Relabel(IReadOnlyList<RelabelRule> rules, IReadOnlyList<Alert> alerts, LabelSet external)
    {
        var complete = new List<Alert>(alerts.Count);
        foreach (var alert in alerts)
        {
            var labels = new LabelSetBuilder(alert.Labels);
            foreach (var label in external.Span)
            {
                if (!alert.Labels.Has(label.Name))
                {
                    labels.Set(label.Name, label.Value);
                }
            }
            if (Relabeler.Apply(rules, labels))
            {
                complete.Add(alert with { Labels = labels.Build() });
            }
        }
        return complete;
    }
}
