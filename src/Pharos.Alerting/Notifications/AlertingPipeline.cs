using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.Durability;
using Pharos.Alerting.History;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Notifications;

/// <summary>Alertmanager in process: takes alerts, groups them, and tells the receivers.</summary>
/// <remarks>Thread-safe. One lock guards alerts, groups and inhibition; nothing is awaited and no disk is touched for
/// long under it. Nothing is sent before the first
/// <see cref="Apply"/>; alerts posted earlier are kept. Where the state is one that several nodes share, only the one that leads
/// sends; the others keep the same alerts and groups and let what is due pass.</remarks>
public sealed class AlertingPipeline : IAsyncDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AlertStore _alerts;
    private readonly Dispatcher _dispatcher;
    private readonly StateJournal _journal;
    private readonly PipelineState _state;
    private readonly NotificationLog _log;
    private readonly RetryingSender _sender;
    private readonly AlertingMetrics _metrics;
    private readonly GroupFlushes _flushes;
    private readonly AlertWatch _watch;
    private readonly SilenceExpiryNotice? _expiryNotice;
    private readonly ClusterNode? _node;
    private readonly SharedPipeline? _shared;
    private readonly ITimer _dueTimer;
    private readonly ITimer _maintenanceTimer;
    private Inhibitor _inhibitor = new([]);
    private AlertmanagerOptions? _options;
    private bool _disposed;

    public AlertingPipeline(IStateStore state, TimeProvider time, ILogger logger, Meter meter, AlertingLimits? limits = null)
    {
        limits ??= new AlertingLimits();
        _time = time;
        _logger = logger;
        _metrics = new AlertingMetrics(meter);
        if (state is ISharedStateStore shared)
        {
            _node = new ClusterNode(shared, limits.Address, time, logger, meter);
            state = _node.State;
        }
        var isShared = _node is not null;
        Silences = new SilenceStore(state, time, logger, isShared);
        _journal = new StateJournal(state, logger);
        History = new NotificationHistory(state, _journal, time, limits.HistoryRetention, logger);
        Transitions = new AlertHistory(state, _journal, time, limits.HistoryRetention, logger);
        _state = new PipelineState(state, _journal, logger, isShared);
        _log = new NotificationLog(state, _journal, logger, writesIntents: isShared);
        _sender = new RetryingSender(time, _metrics, History, logger, _node is null ? null : () => _node.HoldsLease);
        var now = time.GetUtcNow();
        _dispatcher = new Dispatcher(_state.LoadTimers(), now + limits.DispatchStartDelay);
        _alerts = new AlertStore(limits.MaxAlertsPerName);
        foreach (var alert in _state.LoadAlerts(now))
        {
            _alerts.Put(alert, now, out _);
        }
        _watch = new AlertWatch(
            _lock, _alerts, Silences, (labels, at) => _inhibitor.InhibitedBy(labels, at), Transitions, _journal, time);
        _flushes = new GroupFlushes(_lock, _alerts, _dispatcher, _state, _journal, _log)
        {
            Transitions = Transitions, Node = _node, Time = time, Logger = logger, Reschedule = Reschedule,
        };
        _dueTimer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _maintenanceTimer = time.CreateTimer(_ => Maintain(), null, MaintenanceInterval, MaintenanceInterval);
        RecurringSilences = new RecurringSilences(state, Silences, time, logger);
        _expiryNotice = limits.SilenceExpiryNotice > TimeSpan.Zero
            ? new SilenceExpiryNotice(Silences, limits.SilenceExpiryNotice, Post, FindOpen, time, logger) : null;
        if (_node is not null)
        {
            Transitions.IsWriting = false;
            _shared = new SharedPipeline(_lock, _alerts, _dispatcher, _state, _journal, _log)
            {
                Silences = Silences, Recurring = RecurringSilences, Transitions = Transitions, Notifications = History,
                Time = time, Take = Take, Resume = Resume,
            };
        }
        PipelineGauges.Register(meter, this, time);
        StateMetrics.Register(meter, Silences, _log);
    }

    public SilenceStore Silences { get; }

    public RecurringSilences RecurringSilences { get; }

    public NotificationHistory History { get; }

    public AlertHistory Transitions { get; }

    /// <summary>What is in effect, or null before the first <see cref="Apply"/>.</summary>
    public AlertmanagerOptions? Options => Volatile.Read(ref _options);

    public RoutingTree? Tree => Look(static view => view.Dispatcher.Tree);

    /// <summary>The nodes that share this one's state; null where it has its own.</summary>
    public ClusterSnapshot? Cluster => _node?.Snapshot();

    /// <summary>Ends with the flushes that are under way now.</summary>
    internal Task Flushes => _flushes.Running;

    internal bool IsLeading => _node?.IsLeading != false;

    internal int LoggedCount => _log.Count;

    internal int GroupCount => Look(static view => view.Dispatcher.Groups.Count);

    /// <summary>Puts a configuration into effect. Groups whose route and labels still exist keep their timers, flushes under
    /// way go on with what they began with.</summary>
    public void Apply(AlertmanagerOptions options)
    {
        IReadOnlyList<AlertGroup> added;
        IReadOnlyList<AlertGroup> removed;
        bool isFirst;
        var now = _time.GetUtcNow();
        var tree = new RoutingTree(options.Route);
        var inhibitor = new Inhibitor(options.InhibitRules);
        var delivery = new GroupDelivery(options, IsInhibited, (labels, receiver) => Silences.IsSilenced(labels, receiver), _log, _sender, _metrics, _time);
        foreach (var integration in options.Receivers.SelectMany(receiver => receiver.Integrations).Select(notifier => notifier.Integration).Distinct())
        {
            _metrics.Use(integration);
        }
        lock (_lock)
        {
            isFirst = _options is null;
            foreach (var alert in _alerts.All)
            {
                inhibitor.Update(alert);
            }
            _inhibitor = inhibitor;
            _flushes.Delivery = delivery;
            Volatile.Write(ref _options, options);
            // A resolved alert was told already, except where the process ended in between.
            (added, removed) = _dispatcher.SetTree(tree, _alerts.All.Where(alert => isFirst || !alert.IsResolvedAt(now)), now);
            Reschedule();
            _watch.Wake();
        }
        Save(added, removed, now);
        _ = _journal.CommitAsync();
        if (isFirst && _shared is not null)
        {
            // There are groups now that can be taken over.
            _node!.Start(_shared);
        }
    }

    /// <summary>Takes alerts as a sender of the HTTP API posts them; ends when they are durable.</summary>
    /// <param name="classicNames">Whether label names must be legacy ones (classic mode).</param>
    public async Task<PostResult> PostAsync(IReadOnlyList<PostableAlert> alerts, bool classicNames = false)
    {
        var now = _time.GetUtcNow();
        var timeout = Options?.ResolveTimeout ?? TimeSpan.FromMinutes(5);
        var good = new List<Alert>(alerts.Count);
        var errors = new List<string>();
        foreach (var posted in alerts)
        {
            if (posted.ToAlert(now, timeout, classicNames, out var error) is { } alert)
            {
                good.Add(alert);
            }
            else
            {
                _metrics.Invalid.Add(1);
                errors.Add(error);
            }
        }
        var count = Store(good, now);
        var isDurable = await _journal.CommitAsync() && _node?.HasUnwritten != true;
        return new PostResult(count, errors, isDurable);
    }

    /// <summary>Takes alerts of the rules in this process, which say all of it again soon: nobody waits for the disk.</summary>
    public void Post(IReadOnlyList<Alert> alerts)
    {
        Store(alerts, _time.GetUtcNow());
        _ = _journal.CommitAsync();
    }

    /// <summary>How many alerts that are not over are in a state; no time interval is looked at.</summary>
    internal IReadOnlyDictionary<AlertState, int> CountByState() => Look(static view => view.CountByState());

    /// <summary>Every alert that is not over, sorted by fingerprint, as it stands now.</summary>
    public IReadOnlyList<AlertSnapshot> Alerts() => Look(static view => view.Alerts());

    /// <summary>The alert with these labels, or null where there is none or it is over.</summary>
    public Alert? FindOpen(LabelSet labels) => Look(view => view.FindOpen(labels));

    /// <summary>The alerts that are not over and are wanted, in no order. Looks at every alert, which stops the others meanwhile.</summary>
    public IReadOnlyList<Alert> FindOpen(Func<LabelSet, bool> isWanted) => Look(view => view.FindOpen(isWanted));

    /// <summary>Every group with an alert that is not over, sorted by labels and receiver.</summary>
    public IReadOnlyList<AlertGroupSnapshot> Groups() => Look(static view => view.Groups());

    /// <summary>Stops timers, lets flushes end, and cancels those that do not within some seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
        }
        await RecurringSilences.DisposeAsync();
        await (_expiryNotice?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _watch.DisposeAsync();
        await _dueTimer.DisposeAsync();
        await _maintenanceTimer.DisposeAsync();
        await _flushes.StopAsync();
        await _journal.CommitAsync();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
        _flushes.Dispose();
    }

    /// <returns>How many were taken.</returns>
    private int Store(IReadOnlyList<Alert> alerts, DateTimeOffset now)
    {
        var began = _time.GetTimestamp();
        var (refused, resolved) = (0, 0);
        var hasCollected = false;
        var added = new List<AlertGroup>();
        lock (_lock)
        {
            foreach (var alert in alerts)
            {
                resolved += alert.IsResolvedAt(now) ? 1 : 0;
                var merged = _alerts.Put(alert, now, out var known);
                if (merged is null && !hasCollected)
                {
                    hasCollected = true;
                    Collect(now);
                    merged = _alerts.Put(alert, now, out known);
                }
                if (merged is null)
                {
                    refused++;
                    continue;
                }
                if (PipelineState.IsWorthSaving(known, merged, now) || _shared?.IsWorthSaving(merged, now) == true)
                {
                    _state.Save(merged);
                    _shared?.Saved(merged);
                }
                added.AddRange(Put(known, merged, now));
            }
            Save(added, [], now);
            if (Transitions.Write(now))
            {
                _watch.Wake();
            }
            Reschedule();
        }
        _metrics.Received(alerts.Count - resolved, resolved);
        _metrics.Processed(_time.GetElapsedTime(began));
        if (refused > 0)
        {
            _metrics.Limited.Add(refused);
            _logger.LogWarning("{Count} alerts were refused: as many as are kept, of all or of their names, fire already", refused);
        }
        return alerts.Count - refused;
    }

    /// <summary>Under the lock.</summary>
    /// <returns>The groups that are new.</returns>
    private IReadOnlyList<AlertGroup> Put(Alert? known, Alert merged, DateTimeOffset now)
    {
        if (known is null || known.IsResolvedAt(now) || merged.IsResolvedAt(now))
        {
            Transitions.Posted(known, merged, now);
        }
        _inhibitor.Update(merged);
        return _dispatcher.Insert(merged, now);
    }

    /// <summary>Under the lock. Puts an alert in place that another node has stored.</summary>
    private void Take(Alert alert, DateTimeOffset now)
    {
        if (_alerts.Put(alert, now, out var known) is { } merged)
        {
            Save(Put(known, merged, now), [], now);
        }
    }

    /// <summary>Looks what is due, and what suppresses what.</summary>
    private void Resume()
    {
        lock (_lock)
        {
            Reschedule();
            _watch.Wake();
        }
    }

    private void Save(IReadOnlyList<AlertGroup> added, IReadOnlyList<AlertGroup> removed, DateTimeOffset now)
    {
        foreach (var group in added)
        {
            _state.Save(group, now);
        }
        foreach (var group in removed)
        {
            _state.Forget(group);
        }
    }

    private bool IsInhibited(LabelSet labels, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _inhibitor.InhibitedBy(labels, now).Count > 0;
        }
    }

    /// <summary>Runs on the timer's thread.</summary>
    private void RunDue()
    {
        var now = _time.GetUtcNow();
        var service = _node?.Service ?? 0;
        IReadOnlyList<AlertGroup> due;
        IReadOnlyList<AlertGroup> removed;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            (due, removed) = _dispatcher.TakeDue(now);
            due = IsLeading ? due : _dispatcher.LeaveToLeader(due);
            Reschedule();
        }
        Save([], removed, now);
        foreach (var group in due)
        {
            _flushes.Begin(group, now, service);
        }
        _ = _journal.CommitAsync();
    }

    /// <summary>Under the lock. Makes room of what is over.</summary>
    private void Collect(DateTimeOffset now)
    {
        foreach (var alert in _alerts.RemoveResolved(now, _dispatcher.Holds))
        {
            Transitions.Seen(alert, now);
            _inhibitor.Remove(alert.Labels);
            _state.Forget(alert);
            _shared?.Forgotten(alert);
        }
    }

    private void Maintain()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            Collect(now);
            Transitions.Write(now);
        }
        _ = _journal.CommitAsync();
        Silences.Collect();
        _log.Collect(now);
        _journal.Purge(now);
    }

    /// <summary>Under the lock.</summary>
    private void Reschedule()
    {
        if (_disposed)
        {
            return;
        }
        var wait = Timeout.InfiniteTimeSpan;
        if (_dispatcher.NextWake() is { } at)
        {
            // A timer takes some weeks at most; waking up for nothing is harmless.
            wait = TimeSpan.FromTicks(Math.Clamp((at - _time.GetUtcNow()).Ticks, 0, TimeSpan.TicksPerDay));
        }
        _dueTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private T Look<T>(Func<PipelineView, T> answer)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return answer(new PipelineView(_alerts, _dispatcher, Silences, _inhibitor, _flushes.Delivery, now));
        }
    }
}
