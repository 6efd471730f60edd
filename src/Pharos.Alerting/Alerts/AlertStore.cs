using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>Every alert that is known, by its labels.</summary>
/// <remarks>Not thread-safe: the pipeline's lock guards it.</remarks>
internal sealed class AlertStore
{
    /// <summary>Bounds memory against a sender that changes a label's value each time; resolved alerts make room.</summary>
    public const int MaxAlerts = 100_000;

    private readonly Dictionary<LabelSet, Alert> _alerts = [];

    public int Count => _alerts.Count;

    public IReadOnlyCollection<Alert> All => _alerts.Values;

    /// <summary>Adds or merges; null where the store is full.</summary>
    public Alert? Put(Alert alert, DateTimeOffset now)
    {
        if (_alerts.TryGetValue(alert.Labels, out var known))
        {
            alert = AlertMerging.Merge(known, alert, now);
        }
        else if (_alerts.Count >= MaxAlerts && RemoveResolved(now).Count == 0)
        {
            return null;
        }
        _alerts[alert.Labels] = alert;
        return alert;
    }

    public Alert? Find(LabelSet labels) => _alerts.GetValueOrDefault(labels);

    /// <summary>Forgets what is over and answers it.</summary>
    public IReadOnlyList<Alert> RemoveResolved(DateTimeOffset now)
    {
        var resolved = _alerts.Values.Where(alert => alert.IsResolvedAt(now)).ToArray();
        foreach (var alert in resolved)
        {
            _alerts.Remove(alert.Labels);
        }
        return resolved;
    }
}
