using Pharos.Alerting.Alerts;
using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;

namespace Pharos.Server.Hosting;

/// <summary>What happens to an alert's labels between its rule and the routing tree: external labels are added where
/// the alert has none of that name, then <c>alert_relabel_configs</c> apply.</summary>
internal sealed class AlertLabels(LabelSet external, IReadOnlyList<RelabelRule> rules)
{
    public IReadOnlyList<Alert> Complete(IReadOnlyList<Alert> alerts)
    {
        if (external.Count == 0 && rules.Count == 0)
        {
            return alerts;
        }
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
