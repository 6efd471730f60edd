using Pharos.Alerting.Alerts;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Notifications;

/// <summary>A pipeline's alerts and groups as they stand at one instant, for those who ask.</summary>
/// <remarks>Not thread-safe: used under the pipeline's lock.</remarks>
internal sealed record PipelineView(
    AlertStore Store, Dispatcher Dispatcher, SilenceStore Silences, Inhibitor Inhibitor, GroupDelivery? Delivery, DateTimeOffset Now)
{
    /// <summary>How many alerts that are not over are in a state; no time interval is looked at.</summary>
    public IReadOnlyDictionary<AlertState, int> CountByState()
    {
        var counts = new Dictionary<AlertState, int> { [AlertState.Active] = 0, [AlertState.Suppressed] = 0, [AlertState.Unprocessed] = 0 };
        foreach (var alert in Store.All)
        {
            if (!alert.IsResolvedAt(Now))
            {
                counts[Dispatcher.Tree is null ? AlertState.Unprocessed
                    : Silences.IsSilenced(alert.Labels) || Inhibitor.InhibitedBy(alert.Labels, Now).Count > 0 ? AlertState.Suppressed
                    : AlertState.Active]++;
            }
        }
        return counts;
    }

    /// <summary>Every alert that is not over, sorted by fingerprint.</summary>
    public IReadOnlyList<AlertSnapshot> Alerts() =>
        [.. Store.All.Where(alert => !alert.IsResolvedAt(Now)).OrderBy(alert => alert.Fingerprint)
            .Select(alert => Of(alert, Dispatcher.Tree?.Match(alert.Labels) ?? []))];

    public Alert? FindOpen(LabelSet labels) => Store.Find(labels) is { } alert && !alert.IsResolvedAt(Now) ? alert : null;

    public IReadOnlyList<Alert> FindOpen(Func<LabelSet, bool> isWanted) =>
        [.. Store.All.Where(alert => isWanted(alert.Labels) && !alert.IsResolvedAt(Now))];

    /// <summary>Every group with an alert that is not over, sorted by labels and receiver.</summary>
    public IReadOnlyList<AlertGroupSnapshot> Groups() =>
        [.. Dispatcher.Groups.Select(Of).Where(group => group.Alerts.Count > 0)
            .OrderBy(group => group.Labels).ThenBy(group => group.Receiver, StringComparer.Ordinal)
            .ThenBy(group => group.GroupKey, StringComparer.Ordinal)];

    private AlertGroupSnapshot Of(AlertGroup group) => new()
    {
        GroupKey = group.Key,
        Labels = group.Labels,
        RouteLabels = group.Route.Labels,
        Receiver = group.Route.Receiver,
        NextFlush = group.NextFlush,
        MutedBy = Delivery?.MutedBy(group.Route, Now) ?? [],
        Alerts = [.. group.Alerts.Values.Where(alert => !alert.IsResolvedAt(Now)).OrderBy(alert => alert.Fingerprint)
            .Select(alert => Of(alert, [group.Route]))],
    };

    private AlertSnapshot Of(Alert alert, IReadOnlyList<RoutingNode> routes)
    {
        var silencedBy = Silences.SilencedBy(alert.Labels);
        var inhibitedBy = Inhibitor.InhibitedBy(alert.Labels, Now);
        var mutedBy = routes.Select(route => Delivery?.MutedBy(route, Now) ?? []).ToArray();
        // Muted only where no route is left that would send it.
        var isMuted = mutedBy.Length > 0 && Array.TrueForAll(mutedBy, names => names.Count > 0);
        return new AlertSnapshot
        {
            Alert = alert,
            Receivers = [.. routes.Select(route => route.Receiver)],
            State = routes.Count == 0 ? AlertState.Unprocessed
                : silencedBy.Count > 0 || inhibitedBy.Count > 0 || isMuted ? AlertState.Suppressed : AlertState.Active,
            SilencedBy = silencedBy,
            InhibitedBy = [.. inhibitedBy.Select(source => Fingerprint.Text(source.Fingerprint))],
            MutedBy = isMuted ? [.. mutedBy.SelectMany(names => names).Distinct(StringComparer.Ordinal)] : [],
        };
    }
}
