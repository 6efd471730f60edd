using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Routing;

/// <summary>Sorts alerts into groups and says which groups are due.</summary>
/// <remarks>Not thread-safe: the pipeline's lock guards it. Starts no timer and sends nothing itself. A new group always
/// waits its <c>group_wait</c>, even for an alert that started long ago, so that after a restart an inhibiting alert
/// has the same chance to arrive first as it had before. A reload keeps the timers of every group whose route and labels
/// still exist.</remarks>
internal sealed class Dispatcher
{
    /// <summary>Bounds memory against a label without end in <c>group_by</c>.</summary>
    public const int MaxGroups = 50_000;

    /// <summary>How long an empty group keeps its place on the grid before it is forgotten.</summary>
    public static readonly TimeSpan EmptyGroupAge = TimeSpan.FromSeconds(30);

    private readonly Dictionary<GroupId, AlertGroup> _groups = [];
    private readonly PriorityQueue<AlertGroup, DateTimeOffset> _queue = new();
    private IDictionary<string, GroupTimer> _restoredTimers;
    private readonly DateTimeOffset _firstFlush;
    private RoutingTree? _tree;

    /// <param name="restoredTimers">By identity; used up as groups appear again.</param>
    /// <param name="firstFlush">Nothing is flushed before.</param>
    public Dispatcher(IDictionary<string, GroupTimer> restoredTimers, DateTimeOffset firstFlush)
    {
        _restoredTimers = restoredTimers;
        _firstFlush = firstFlush;
    }

    public RoutingTree? Tree => _tree;

    public IReadOnlyCollection<AlertGroup> Groups => _groups.Values;

    /// <summary>Alerts that found no room in any group.</summary>
    public long LimitedCount { get; private set; }

    /// <summary>Replaces the tree; <paramref name="alerts"/> are routed anew.</summary>
    /// <returns>The groups that are new, and those that are gone.</returns>
    public (IReadOnlyList<AlertGroup> Added, IReadOnlyList<AlertGroup> Removed) SetTree(
        RoutingTree tree, IEnumerable<Alert> alerts, DateTimeOffset now)
    {
        _tree = tree;
        foreach (var group in _groups.Values)
        {
            if (tree.Find(group.Route.Id) is { } route)
            {
                group.Route = route;
                var latest = NotTooEarly(now + (group.HasFlushed ? route.GroupInterval : route.GroupWait));
                if (group.NextFlush > latest)
                {
                    group.NextFlush = latest;
                    Schedule(group);
                }
            }
        }
        DropMovedAlerts(tree, now);
        var added = new List<AlertGroup>();
        foreach (var alert in alerts)
        {
            added.AddRange(Insert(alert, now));
        }
        var gone = _groups.Values.Where(group => tree.Find(group.Route.Id) != group.Route).ToArray();
        foreach (var group in gone)
        {
            Remove(group);
        }
        return (added, gone);
    }

    /// <summary>Puts an alert into the group of each of its routes; answers the groups that are new.</summary>
    public IReadOnlyList<AlertGroup> Insert(Alert alert, DateTimeOffset now)
    {
        List<AlertGroup>? added = null;
        foreach (var route in _tree?.Match(alert.Labels) ?? [])
        {
            var labels = route.GroupLabels(alert.Labels);
            if (!_groups.TryGetValue(new GroupId(route.Id, labels), out var group))
            {
                if (_groups.Count >= MaxGroups)
                {
                    LimitedCount++;
                    continue;
                }
                group = Create(route, labels, now);
                (added ??= []).Add(group);
            }
            group.Alerts[alert.Labels] = alert;
            group.EmptySince = null;
        }
        return added is null ? [] : added;
    }

    /// <summary>When <see cref="TakeDue"/> has something to say next.</summary>
    public DateTimeOffset? NextWake()
    {
        while (_queue.TryPeek(out var group, out var at))
        {
            if (!group.IsRemoved && !group.IsFlushing && group.WakeAt() == at)
            {
                return at;
            }
            _queue.Dequeue();
        }
        return null;
    }

    /// <summary>The groups to flush now, marked as flushing and with their next flush set; and the empty ones that are gone.</summary>
    public (IReadOnlyList<AlertGroup> Due, IReadOnlyList<AlertGroup> Removed) TakeDue(DateTimeOffset now)
    {
        List<AlertGroup>? due = null;
        List<AlertGroup>? removed = null;
        while (NextWake() is { } at && at <= now)
        {
            var group = _queue.Dequeue();
            if (group.EmptySince is { } since && since + EmptyGroupAge <= now)
            {
                Remove(group);
                (removed ??= []).Add(group);
                continue;
            }
            group.LastDue = group.NextFlush;
            // Exact: the grid does not drift with the timer's lateness, and catches up in one step.
            var next = group.NextFlush + group.Route.GroupInterval;
            group.NextFlush = next > now ? next : now + group.Route.GroupInterval;
            if (group.Alerts.Count > 0)
            {
                group.IsFlushing = true;
                (due ??= []).Add(group);
            }
            else
            {
                Schedule(group);
            }
        }
        return (due is null ? [] : due, removed is null ? [] : removed);
    }

    /// <summary>Ends a flush.</summary>
    /// <param name="delivered">The resolved alerts that everybody who wants to know now knows of; those that have not been
    /// updated meanwhile leave the group.</param>
    public void Completed(AlertGroup group, IEnumerable<Alert> delivered, DateTimeOffset now)
    {
        group.IsFlushing = false;
        group.HasFlushed = true;
        foreach (var alert in delivered)
        {
            if (group.Alerts.TryGetValue(alert.Labels, out var current) && ReferenceEquals(current, alert))
            {
                group.Alerts.Remove(alert.Labels);
            }
        }
        if (group.Alerts.Count == 0)
        {
            group.EmptySince ??= now;
        }
        if (!group.IsRemoved)
        {
            Schedule(group);
        }
    }

    /// <summary>Leaves groups that are due to the node that leads.</summary>
    /// <returns>None, which this node is to flush.</returns>
    public IReadOnlyList<AlertGroup> LeaveToLeader(IReadOnlyList<AlertGroup> due)
    {
        foreach (var group in due)
        {
            group.IsFlushing = false;
            Schedule(group);
        }
        return [];
    }

    /// <summary>Ends a flush that was broken off before everybody was told.</summary>
    /// <param name="next">When it is made up for; null for when this node leads again.</param>
    public void Interrupted(AlertGroup group, DateTimeOffset? next)
    {
        group.IsFlushing = false;
        group.IsOverdue = next is null;
        group.NextFlush = next ?? group.NextFlush;
        if (!group.IsRemoved)
        {
            Schedule(group);
        }
    }

    /// <summary>Goes on with the groups of a node that leads no longer: those that it did not come to are due at once, the others
    /// when they would have been due there.</summary>
    /// <param name="quietSince">When that node was last heard of.</param>
    /// <param name="timers">Its grid, by identity; what is left is kept for groups that come later.</param>
    /// <param name="interrupted">The groups that it was about to notify.</param>
    /// <returns>The groups without a timer.</returns>
    public IReadOnlyList<AlertGroup> TakeOver(
        DateTimeOffset now, DateTimeOffset quietSince, IDictionary<string, GroupTimer> timers, IReadOnlySet<string> interrupted)
    {
        var unknown = new List<AlertGroup>();
        foreach (var group in _groups.Values)
        {
            var identity = group.Identity;
            var isMissed = group.IsOverdue || interrupted.Contains(identity) || group.LastDue >= quietSince;
            if (!timers.Remove(identity, out var timer))
            {
                unknown.Add(group);
                isMissed |= group.LastDue is not null && !group.HasFlushed;
            }
            else if (timer.HasFlushed)
            {
                group.HasFlushed = true;
                group.NextFlush = NextOnGrid(timer, group.Route.GroupInterval, now);
                var last = group.NextFlush - group.Route.GroupInterval;
                isMissed |= last >= quietSince && last >= timer.FlushAt;
            }
            else
            {
                isMissed |= group.LastDue is not null || timer.FlushAt <= now;
                group.NextFlush = timer.FlushAt < group.NextFlush ? timer.FlushAt : group.NextFlush;
            }
            group.IsOverdue = false;
            group.NextFlush = NotTooEarly(isMissed ? now : group.NextFlush);
            if (!group.IsFlushing)
            {
                Schedule(group);
            }
        }
        _restoredTimers = timers;
        return unknown;
    }

    /// <summary>Takes an alert that is over, and that everybody knows of, out of its groups.</summary>
    public void Drop(LabelSet labels, DateTimeOffset now)
    {
        foreach (var route in _tree?.Match(labels) ?? [])
        {
            if (_groups.TryGetValue(new GroupId(route.Id, route.GroupLabels(labels)), out var group) && group.Alerts.Remove(labels) && group.Alerts.Count == 0)
            {
                group.EmptySince ??= now;
                Schedule(group);
            }
        }
    }

    /// <summary>Whether a group still holds the alert.</summary>
    public bool Holds(LabelSet labels)
    {
        foreach (var route in _tree?.Match(labels) ?? [])
        {
            if (_groups.TryGetValue(new GroupId(route.Id, route.GroupLabels(labels)), out var group)
                && group.Alerts.ContainsKey(labels))
            {
                return true;
            }
        }
        return false;
    }

    private static void DropMovedAlerts(AlertGroup group, RoutingTree tree)
    {
        foreach (var labels in group.Alerts.Keys.ToArray())
        {
            var stays = tree.Match(labels).Any(route => route == group.Route && route.GroupLabels(labels) == group.Labels);
            if (!stays)
            {
                group.Alerts.Remove(labels);
            }
        }
    }

    private void DropMovedAlerts(RoutingTree tree, DateTimeOffset now)
    {
        foreach (var group in _groups.Values)
        {
            DropMovedAlerts(group, tree);
            if (group.Alerts.Count == 0)
            {
                group.EmptySince ??= now;
                Schedule(group);
            }
        }
    }

    private AlertGroup Create(RoutingNode route, LabelSet labels, DateTimeOffset now)
    {
        var group = new AlertGroup(route, labels, NotTooEarly(now + route.GroupWait));
        if (_restoredTimers.Remove(group.Identity, out var timer))
        {
            group.HasFlushed = timer.HasFlushed;
            group.NextFlush = NotTooEarly(NextOnGrid(timer, route.GroupInterval, now));
        }
        _groups.Add(new GroupId(route.Id, labels), group);
        Schedule(group);
        return group;
    }

    private static DateTimeOffset NextOnGrid(GroupTimer timer, TimeSpan interval, DateTimeOffset now)
    {
        if (timer.FlushAt > now || !timer.HasFlushed)
        {
            return timer.FlushAt > now ? timer.FlushAt : now;
        }
        var passed = (now - timer.FlushAt).Ticks / interval.Ticks;
        return timer.FlushAt + (interval * (passed + 1));
    }

    private DateTimeOffset NotTooEarly(DateTimeOffset flush) => flush > _firstFlush ? flush : _firstFlush;

    private void Remove(AlertGroup group)
    {
        group.IsRemoved = true;
        _groups.Remove(new GroupId(group.Route.Id, group.Labels));
    }

    private void Schedule(AlertGroup group) => _queue.Enqueue(group, group.WakeAt());

    /// <summary>A class, so that the dictionary's code is one that is compiled already.</summary>
    private sealed record GroupId(string RouteId, LabelSet Labels);
}
