using Pharos.Alerting.Alerts;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Notifications;

/// <summary>One group at the moment of its flush.</summary>
/// <param name="Alerts">Sorted as they are sent.</param>
internal sealed record GroupFlush(
    RoutingNode Route, LabelSet GroupLabels, IReadOnlyList<Alert> Alerts, DateTimeOffset Now)
{
    /// <summary>Alertmanager's least time for a flush, however short the group interval.</summary>
    private static readonly TimeSpan MinTimeout = TimeSpan.FromSeconds(10);

    public string GroupKey { get; } = Route.GroupKey(GroupLabels);

    public IReadOnlyList<Alert> Resolved
    {
        get
        {
            List<Alert>? resolved = null;
            foreach (var alert in Alerts)
            {
                if (alert.IsResolvedAt(Now))
                {
                    (resolved ??= []).Add(alert);
                }
            }
            return resolved is null ? [] : resolved;
        }
    }

    public DateTimeOffset Deadline => Now + Timeout;

    /// <summary>Cancelled at the deadline and for no other reason: tells it apart from a server that stops or leads no longer.</summary>
    public CancellationToken TimeIsUp { get; init; }

    public TimeSpan Timeout => Route.GroupInterval > MinTimeout ? Route.GroupInterval : MinTimeout;
}
