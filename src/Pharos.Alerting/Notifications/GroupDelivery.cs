using Pharos.Alerting.Alerts;
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
    private readonly Dictionary<string, NamedTimeIntervals> _intervals;
    private readonly Func<LabelSet, DateTimeOffset, bool> _isInhibited;
    private readonly Func<LabelSet, bool> _isSilenced;
    private readonly NotificationLog _log;
    private readonly RetryingSender _sender;
    private readonly AlertingMetrics _metrics;

    public GroupDelivery(AlertmanagerOptions options, Func<LabelSet, DateTimeOffset, bool> isInhibited,
        Func<LabelSet, bool> isSilenced, NotificationLog log, RetryingSender sender, AlertingMetrics metrics)
    {
        _options = options;
        _receivers = options.Receivers.ToDictionary(receiver => receiver.Name, Number, StringComparer.Ordinal);
        _intervals = options.TimeIntervals.ToDictionary(interval => interval.Name, StringComparer.Ordinal);
        _isInhibited = isInhibited;
        _isSilenced = isSilenced;
        _log = log;
        _sender = sender;
        _metrics = metrics;
    }

    /// <returns>Whether every integration knows what it has to know, so that resolved alerts may leave the group.</returns>
    public async Task<bool> DeliverAsync(GroupFlush flush, CancellationToken cancellation)
    {
        var alerts = Without(flush.Alerts, alert => _isInhibited(alert.Labels, flush.Now), "inhibition");
        if (alerts.Count == 0)
        {
            return true;
        }
        if (MutedBy(flush.Route, flush.Now) is { Count: > 0 })
        {
            var inactive = !IsActive(flush.Route, flush.Now);
            _metrics.Suppressed(alerts.Count, inactive ? "active_time_interval" : "mute_time_interval");
            return true;
        }
        alerts = Without(alerts, alert => _isSilenced(alert.Labels), "silence");
        if (alerts.Count == 0 || !_receivers.TryGetValue(flush.Route.Receiver, out var destinations))
        {
            return true;
        }
        var firing = Fingerprints(alerts, alert => !alert.IsResolvedAt(flush.Now));
        var resolved = Fingerprints(alerts, alert => alert.IsResolvedAt(flush.Now));
        var sent = await Task.WhenAll(destinations.Select(
            destination => SendAsync(destination, flush, alerts, firing, resolved, cancellation)));
        return Array.TrueForAll(sent, ok => ok);
    }

    /// <summary>The time intervals that keep a route quiet: those that mute it, or, outside all active ones, the active ones.</summary>
    public IReadOnlyList<string> MutedBy(RoutingNode route, DateTimeOffset now) => !IsActive(route, now)
        ? route.Options.ActiveTimeIntervals
        : [.. route.Options.MuteTimeIntervals.Where(name => Contains(name, now))];

    private bool IsActive(RoutingNode route, DateTimeOffset now) =>
        route.Options.ActiveTimeIntervals.Count == 0 || route.Options.ActiveTimeIntervals.Any(name => Contains(name, now));

    private bool Contains(string name, DateTimeOffset now) =>
        _intervals.TryGetValue(name, out var interval) && interval.Contains(now);

    private IReadOnlyList<Alert> Without(IReadOnlyList<Alert> alerts, Func<Alert, bool> muted, string reason)
    {
        List<Alert> rest = [.. alerts.Where(alert => !muted(alert))];
        if (rest.Count < alerts.Count)
        {
            _metrics.Suppressed(alerts.Count - rest.Count, reason);
        }
        return rest;
    }

    private async Task<bool> SendAsync(Destination destination, GroupFlush flush, IReadOnlyList<Alert> alerts,
        HashSet<ulong> firing, HashSet<ulong> resolved, CancellationToken cancellation)
    {
        var notifier = destination.Notifier;
        var key = NotificationLog.KeyOf(flush.GroupKey, flush.Route.Receiver, notifier.Integration, destination.Index);
        var reason = NotificationDecision.Decide(
            _log.Find(key, flush.Now), firing, resolved, notifier.SendResolved, flush.Route.RepeatInterval, flush.Now);
        if (reason == NotificationReason.DoNotNotify)
        {
            return true;
        }
        var wanted = notifier.SendResolved ? alerts : [.. alerts.Where(alert => !alert.IsResolvedAt(flush.Now))];
        // Nothing to say to an integration that wants no resolved alerts, but its log must forget the firing ones.
        if (wanted.Count > 0)
        {
            var notification = new Notification
            {
                Receiver = flush.Route.Receiver,
                GroupKey = flush.GroupKey,
                GroupLabels = flush.GroupLabels,
                RouteLabels = flush.Route.Labels,
                Alerts = wanted,
                Reason = NotificationDecision.Text(reason),
                ExternalUrl = _options.ExternalUrl,
                Now = flush.Now,
            };
            if (!await _sender.SendAsync(notifier, notification, flush.Deadline, cancellation))
            {
                return false;
            }
        }
        _log.Put(key, firing, resolved, flush.Route.RepeatInterval, flush.Now);
        return true;
    }

    private static HashSet<ulong> Fingerprints(IReadOnlyList<Alert> alerts, Func<Alert, bool> wanted) =>
        [.. alerts.Where(wanted).Select(alert => alert.Fingerprint)];

    private static Destination[] Number(ReceiverOptions receiver)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. receiver.Integrations.Select(notifier =>
        {
            var index = seen.GetValueOrDefault(notifier.Integration);
            seen[notifier.Integration] = index + 1;
            return new Destination(notifier, index);
        })];
    }

    private sealed record Destination(INotifier Notifier, int Index);
}
