using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;
using Pharos.Alerting.Routing;
using Pharos.Alerting.TimeIntervals;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Notifications;

/// <summary>Takes a flush through the stages: inhibition, active times, mute times, silences, and then each
/// integration of the receiver on its own: decision, sending, log.</summary>
/// <remarks>Immutable for one configuration; thread-safe as its parts are.</remarks>
internal sealed class GroupDelivery
{
    private readonly AlertmanagerOptions _options;
    private readonly Dictionary<string, Destination[]> _receivers;
    private readonly Dictionary<string, SendPace> _paces;
    private readonly Dictionary<string, NamedTimeIntervals> _intervals;
    private readonly Func<LabelSet, DateTimeOffset, bool> _isInhibited;
    private readonly Func<LabelSet, string, bool> _isSilenced;
    private readonly NotificationLog _log;
    private readonly RetryingSender _sender;
    private readonly AlertingMetrics _metrics;

    public GroupDelivery(AlertmanagerOptions options, Func<LabelSet, DateTimeOffset, bool> isInhibited,
        Func<LabelSet, string, bool> isSilenced, NotificationLog log, RetryingSender sender, AlertingMetrics metrics, TimeProvider time)
    {
        _options = options;
        _receivers = options.Receivers.ToDictionary(receiver => receiver.Name, receiver => Number(receiver, time), StringComparer.Ordinal);
        _paces = options.Receivers.ToDictionary(receiver => receiver.Name, _ => new SendPace(time), StringComparer.Ordinal);
        _intervals = options.TimeIntervals.ToDictionary(interval => interval.Name, StringComparer.Ordinal);
        _isInhibited = isInhibited;
        _isSilenced = isSilenced;
        _log = log;
        _sender = sender;
        _metrics = metrics;
    }

    /// <summary>Waits for a group's turn at its receiver; <see cref="Leave"/> follows where it came.</summary>
    /// <remarks>Where a successor has to know of what is due, nothing waits here: the intents of all are written at once, and each
    /// notification waits for its turn after that.</remarks>
    public ValueTask<bool> EnterAsync(string receiver, CancellationToken cancellation) =>
        !_log.WritesIntents && _paces.TryGetValue(receiver, out var pace) ? pace.EnterAsync(cancellation) : ValueTask.FromResult(true);

    public void Leave(string receiver)
    {
        if (!_log.WritesIntents && _paces.TryGetValue(receiver, out var pace))
        {
            pace.Leave();
        }
    }

    /// <returns>The resolved alerts of which everybody knows what he has to know, so that they may leave the group.</returns>
    public async Task<IReadOnlyList<Alert>> DeliverAsync(GroupFlush flush, CancellationToken cancellation)
    {
        if (!_receivers.TryGetValue(flush.Route.Receiver, out var destinations))
        {
            return flush.Resolved;
        }
        var (open, hidden) = Sort(flush);
        if (open.Count > 0 && MutedBy(flush.Route, flush.Now) is { Count: > 0 })
        {
            var inactive = !IsActive(flush.Route, flush.Now);
            _metrics.Suppressed(open.Count, inactive ? "active_time_interval" : "mute_time_interval");
            // Who was told that an alert fires is told that it is over when the quiet time is.
            return [.. flush.Resolved.Where(alert => !Array.Exists(destinations, destination => SaysFiring(destination, flush, alert)))];
        }
        if (destinations.Length == 1)
        {
            return await SendAsync(destinations[0], flush, open, hidden, cancellation) ? flush.Resolved : [];
        }
        var sent = await Task.WhenAll(destinations.Select(destination => SendAsync(destination, flush, open, hidden, cancellation)));
        return Array.TrueForAll(sent, ok => ok) ? flush.Resolved : [];
    }

    /// <summary>The time intervals that keep a route quiet: those that mute it, or, outside all active ones, the active ones.</summary>
    public IReadOnlyList<string> MutedBy(RoutingNode route, DateTimeOffset now) => !IsActive(route, now)
        ? route.Options.ActiveTimeIntervals
        : [.. route.Options.MuteTimeIntervals.Where(name => Contains(name, now))];

    private bool IsActive(RoutingNode route, DateTimeOffset now) =>
        route.Options.ActiveTimeIntervals.Count == 0 || route.Options.ActiveTimeIntervals.Any(name => Contains(name, now));

    private bool Contains(string name, DateTimeOffset now) =>
        _intervals.TryGetValue(name, out var interval) && interval.Contains(now);

    /// <summary>Those that may be sent, and those that an inhibition or a silence keeps back.</summary>
    private (IReadOnlyList<Alert> Open, IReadOnlyList<Alert> Hidden) Sort(GroupFlush flush)
    {
        List<Alert>? hidden = null;
        var (inhibited, silenced) = (0, 0);
        foreach (var alert in flush.Alerts)
        {
            if (_isInhibited(alert.Labels, flush.Now))
            {
                inhibited++;
            }
            else if (_isSilenced(alert.Labels, flush.Route.Receiver))
            {
                silenced++;
            }
            else
            {
                continue;
            }
            (hidden ??= []).Add(alert);
        }
        _metrics.Suppressed(inhibited, "inhibition");
        _metrics.Suppressed(silenced, "silence");
        return hidden is null ? (flush.Alerts, []) : ([.. flush.Alerts.Except(hidden)], hidden);
    }

    /// <returns>Whether the integration knows what it has to know.</returns>
    private async Task<bool> SendAsync(Destination destination, GroupFlush flush, IReadOnlyList<Alert> open,
        IReadOnlyList<Alert> hidden, CancellationToken cancellation)
    {
        var notifier = destination.Notifier;
        var key = destination.LogKey(flush);
        var entry = _log.Find(key, flush.Now);
        // A silence that began meanwhile does not keep anybody who was told of an alert from hearing that it is over.
        var toldOver = entry is null || hidden.Count == 0 ? []
            : hidden.Where(alert => alert.IsResolvedAt(flush.Now) && entry.SaysFiring(alert.Fingerprint)).ToArray();
        var alerts = toldOver.Length == 0 ? open : [.. flush.Alerts.Where(alert => open.Contains(alert) || toldOver.Contains(alert))];
        if (alerts.Count == 0)
        {
            return true;
        }
        var (firing, resolved) = FingerprintSet.Split(alerts, flush.Now);
        var reason = NotificationDecision.Decide(
            entry, firing, resolved, notifier.SendResolved, flush.Route.RepeatInterval, flush.Now);
        if (reason == NotificationReason.DoNotNotify)
        {
            return await ForgetAsync(key, entry, resolved);
        }
        var wanted = notifier.SendResolved || resolved.Count == 0 ? alerts : [.. alerts.Where(alert => !alert.IsResolvedAt(flush.Now))];
        // Nothing to say to an integration that wants no resolved alerts, but its log must forget the firing ones.
        if (wanted.Count > 0 && !await SendAsync(destination, flush, wanted, reason, cancellation))
        {
            return false;
        }
        var stillHidden = entry is null || hidden.Count == 0 ? FingerprintSet.Empty
            : FingerprintSet.Of(hidden.Where(alert => !alert.IsResolvedAt(flush.Now) && entry.SaysFiring(alert.Fingerprint)));
        await _log.PutAsync(key, new NotificationLogEntry(
            firing, resolved, stillHidden, flush.Now, NotificationLog.ExpiryOf(flush.Route.RepeatInterval, flush.Now)));
        return true;
    }

    private async Task<bool> SendAsync(Destination destination, GroupFlush flush, IReadOnlyList<Alert> alerts,
        NotificationReason reason, CancellationToken cancellation)
    {
        // Before waiting for its turn: whoever takes over in the meantime does not wait for the group's next interval.
        if (_log.WritesIntents && !await _log.IntendAsync(destination.LogKey(flush), AlertGroup.IdentityOf(flush.Route, flush.GroupLabels),
            FingerprintSet.Of(alerts.Where(alert => !alert.IsResolvedAt(flush.Now))),
            NotificationLog.ExpiryOf(flush.Route.RepeatInterval, flush.Now)))
        {
            return false;
        }
        if (!await destination.Pace.EnterAsync(cancellation))
        {
            return false;
        }
        var notification = new Notification
        {
            Receiver = flush.Route.Receiver,
            GroupKey = flush.GroupKey,
            GroupLabels = flush.GroupLabels,
            RouteLabels = flush.Route.Labels,
            Alerts = alerts,
            Reason = NotificationDecision.Text(reason),
            ExternalUrl = _options.ExternalUrl,
            Now = flush.Now,
            Memory = _log.MemoryOf(destination.LogKey(flush)),
        };
        try
        {
            return await _sender.SendAsync(destination.Notifier, notification, flush.Deadline, flush.TimeIsUp, cancellation);
        }
        finally
        {
            destination.Pace.Leave();
        }
    }

    /// <summary>Where nothing is to be said of alerts that are over, their firing again is news nevertheless.</summary>
    private async Task<bool> ForgetAsync(string key, NotificationLogEntry? entry, FingerprintSet resolved)
    {
        if (entry is not null && (resolved.Overlaps(entry.Firing) || resolved.Overlaps(entry.Hidden)))
        {
            await _log.PutAsync(key, entry with { Firing = entry.Firing.Without(resolved), Hidden = entry.Hidden.Without(resolved) });
        }
        return true;
    }

    private bool SaysFiring(Destination destination, GroupFlush flush, Alert alert) =>
        _log.Find(destination.LogKey(flush), flush.Now)?.SaysFiring(alert.Fingerprint) == true;

    private static Destination[] Number(ReceiverOptions receiver, TimeProvider time)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. receiver.Integrations.Select(notifier =>
        {
            var index = seen.GetValueOrDefault(notifier.Integration);
            seen[notifier.Integration] = index + 1;
            return new Destination(notifier, index, new SendPace(time));
        })];
    }

    private sealed record Destination(INotifier Notifier, int Index, SendPace Pace)
    {
        public string LogKey(GroupFlush flush) =>
            NotificationLog.KeyOf(flush.GroupKey, flush.Route.Receiver, Notifier.Integration, Index);
    }
}
