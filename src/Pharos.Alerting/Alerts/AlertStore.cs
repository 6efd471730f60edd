using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>Every alert that is known, by its labels.</summary>
/// <remarks>Not thread-safe: the pipeline's lock guards it.</remarks>
/// <param name="maxAlertsPerName">New alerts of one name beyond this are refused while so many of it fire; 0 for no limit.</param>
internal sealed class AlertStore(int maxAlertsPerName)
{
    /// <summary>Bounds memory against a sender that changes a label's value each time; resolved alerts make room.</summary>
    public const int MaxAlerts = 100_000;

    private readonly Dictionary<LabelSet, Alert> _alerts = [];
    private readonly Dictionary<string, int> _countByName = new(StringComparer.Ordinal);
    private readonly TextPool _texts = new();
    private long _lastNumber;

    public IReadOnlyCollection<Alert> All => _alerts.Values;

    /// <summary>Adds or merges.</summary>
    /// <param name="known">As the alert was before, or null.</param>
    /// <returns>As it is now, or null where there is no room: <see cref="RemoveResolved"/> may make some.</returns>
    public Alert? Put(Alert alert, DateTimeOffset now, out Alert? known)
    {
        if (_alerts.TryGetValue(alert.Labels, out known))
        {
            alert = Keep(known, AlertMerging.Merge(known, alert, now));
        }
        else if (!HasRoom(alert))
        {
            return null;
        }
        else
        {
            _lastNumber = Math.Max(_lastNumber + 1, alert.StoredAs);
            alert = alert with
            {
                Labels = _texts.Pool(alert.Labels),
                Annotations = _texts.Pool(alert.Annotations),
                StoredAs = alert.StoredAs > 0 ? alert.StoredAs : _lastNumber,
            };
            ChangeCount(alert, 1);
        }
        _alerts[alert.Labels] = alert;
        return alert;
    }

    public Alert? Find(LabelSet labels) => _alerts.GetValueOrDefault(labels);

    /// <summary>Forgets what is over and answers it.</summary>
    /// <param name="isHeld">Of an alert that is still to be told: it stays, under its number.</param>
    public IReadOnlyList<Alert> RemoveResolved(DateTimeOffset now, Func<LabelSet, bool> isHeld)
    {
        var resolved = _alerts.Values.Where(alert => alert.IsResolvedAt(now) && !isHeld(alert.Labels)).ToArray();
        foreach (var alert in resolved)
        {
            _alerts.Remove(alert.Labels);
            ChangeCount(alert, -1);
        }
        return resolved;
    }

    private bool HasRoom(Alert alert) => _alerts.Count < MaxAlerts
        && (maxAlertsPerName == 0 || _countByName.GetValueOrDefault(alert.Name) < maxAlertsPerName);

    private void ChangeCount(Alert alert, int change)
    {
        if (maxAlertsPerName > 0)
        {
            _countByName[alert.Name] = _countByName.GetValueOrDefault(alert.Name) + change;
            if (_countByName[alert.Name] == 0)
            {
                _countByName.Remove(alert.Name);
            }
        }
    }

    /// <summary>What is as it was stays the same object: a renewal every minute leaves nothing new behind but the alert itself.</summary>
    private Alert Keep(Alert known, Alert merged) => merged with
    {
        Labels = known.Labels,
        StoredAs = known.StoredAs,
        Annotations = merged.Annotations.Equals(known.Annotations) ? known.Annotations : _texts.Pool(merged.Annotations),
        GeneratorUrl = merged.GeneratorUrl == known.GeneratorUrl ? known.GeneratorUrl : merged.GeneratorUrl,
    };
}
