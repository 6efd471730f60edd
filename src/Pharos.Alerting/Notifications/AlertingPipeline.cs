using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;
using Pharos.Alerting.History;
using Pharos.Alerting.Inhibition;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.State;

namespace Pharos.Alerting.Notifications;

/// <summary>Alertmanager in process: takes alerts, groups them, and tells the receivers.</summary>
/// <remarks>Thread-safe. One lock guards alerts, groups and inhibition; nothing is awaited and no disk is touched for
/// long under it. Flushes run on the timer's thread up to their first wait. Nothing is sent before the first
/// <see cref="Apply"/>; alerts posted earlier are kept.</remarks>
public sealed class AlertingPipeline : IAsyncDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

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
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _flushes = [];
    private readonly AlertWatch _watch;
    private readonly SilenceExpiryNotice? _expiryNotice;
    private readonly ITimer _dueTimer;
    private readonly ITimer _maintenanceTimer;
    private Inhibitor _inhibitor = new([]);
    private GroupDelivery? _delivery;
    private AlertmanagerOptions? _options;
    private bool _disposed;

    public AlertingPipeline(IStateStore state, TimeProvider time, ILogger logger, Meter meter, AlertingLimits? limits = null)
    {
        limits ??= new AlertingLimits();
        _time = time;
        _logger = logger;
        _metrics = new AlertingMetrics(meter);
        Silences = new SilenceStore(state, time, logger);
        _journal = new StateJournal(state, logger);
        History = new NotificationHistory(state, _journal, time, limits.HistoryRetention, logger);
        Transitions = new AlertHistory(state, _journal, time, limits.HistoryRetention, logger);
        _state = new PipelineState(state, _journal, logger);
        _log = new NotificationLog(state, _journal, logger);
        _sender = new RetryingSender(time, _metrics, History, logger);
        var now = time.GetUtcNow();
        _dispatcher = new Dispatcher(_state.LoadTimers(), now + limits.DispatchStartDelay);
        _alerts = new AlertStore(limits.MaxAlertsPerName);
        foreach (var alert in _state.LoadAlerts(now))
        {
            _alerts.Put(alert, now, out _);
        }
        _watch = new AlertWatch(
            _lock, _alerts, Silences, (labels, at) => _inhibitor.InhibitedBy(labels, at), Transitions, _journal, time);
        _dueTimer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _maintenanceTimer = time.CreateTimer(_ => Maintain(), null, MaintenanceInterval, MaintenanceInterval);
        RecurringSilences = new RecurringSilences(state, Silences, time, logger);
        _expiryNotice = limits.SilenceExpiryNotice > TimeSpan.Zero
            ? new SilenceExpiryNotice(Silences, limits.SilenceExpiryNotice, Post, FindOpen, time, logger) : null;
        PipelineGauges.Register(meter, this, time);
        StateMetrics.Register(meter, Silences, _log);
    }

    public SilenceStore Silences { get; }

    public RecurringSilences RecurringSilences { get; }

    public NotificationHistory History { get; }

    public AlertHistory Transitions { get; }

    /// <summary>What is in effect, or null before the first <see cref="Apply"/>.</summary>
    public AlertmanagerOptions? Options => Volatile.Read(ref _options);

    public RoutingTree? Tree
    {
        get
        {
            lock (_lock)
            {
                return _dispatcher.Tree;
            }
        }
    }

    internal int LoggedCount => _log.Count;

    internal int GroupCount
    {
        get
        {
            lock (_lock)
            {
                return _dispatcher.Groups.Count;
            }
        }
    }

    /// <summary>Puts a configuration into effect. Groups whose route and labels still exist keep their timers, flushes under
    /// way go on with what they began with.</summary>
    public void Apply(AlertmanagerOptions options)
    {
        IReadOnlyList<AlertGroup> added;
        IReadOnlyList<AlertGroup> removed;
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
            var isFirst = _options is null;
            foreach (var alert in _alerts.All)
            {
                inhibitor.Update(alert);
            }
            _inhibitor = inhibitor;
            _delivery = delivery;
            Volatile.Write(ref _options, options);
            // A resolved alert was told already, except where the process ended in between.
            (added, removed) = _dispatcher.SetTree(tree, _alerts.All.Where(alert => isFirst || !alert.IsResolvedAt(now)), now);
            Reschedule();
            _watch.Wake();
        }
        Save(added, removed, now);
        _ = _journal.CommitAsync();
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
        await _journal.CommitAsync();
        return new PostResult(count, errors);
    }

    /// <summary>Takes alerts of the rules in this process, which say all of it again soon: nobody waits for the disk.</summary>
    public void Post(IReadOnlyList<Alert> alerts)
    {
        Store(alerts, _time.GetUtcNow());
        _ = _journal.CommitAsync();
    }

    /// <summary>How many alerts that are not over are in a state; no time interval is looked at.</summary>
    internal IReadOnlyDictionary<AlertState, int> CountByState()
    {
        var now = _time.GetUtcNow();
        var counts = new Dictionary<AlertState, int> { [AlertState.Active] = 0, [AlertState.Suppressed] = 0, [AlertState.Unprocessed] = 0 };
        lock (_lock)
        {
            foreach (var alert in _alerts.All)
            {
                if (!alert.IsResolvedAt(now))
                {
                    counts[_dispatcher.Tree is null ? AlertState.Unprocessed
                        : Silences.IsSilenced(alert.Labels) || _inhibitor.InhibitedBy(alert.Labels, now).Count > 0 ? AlertState.Suppressed
                        : AlertState.Active]++;
                }
            }
        }
        return counts;
    }

    /// <summary>Every alert that is not over, sorted by fingerprint, as it stands now.</summary>
    public IReadOnlyList<AlertSnapshot> Alerts()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return [.. _alerts.All.Where(alert => !alert.IsResolvedAt(now)).OrderBy(alert => alert.Fingerprint)
                .Select(alert => Snapshot(alert, _dispatcher.Tree?.Match(alert.Labels) ?? [], now))];
        }
    }

    /// <summary>The alert with these labels, or null where there is none or it is over.</summary>
    public Alert? FindOpen(LabelSet labels)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return _alerts.Find(labels) is { } alert && !alert.IsResolvedAt(now) ? alert : null;
        }
    }

    /// <summary>The alerts that are not over and are wanted, in no order. Looks at every alert, which stops the others meanwhile.</summary>
    public IReadOnlyList<Alert> FindOpen(Func<LabelSet, bool> isWanted)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return [.. _alerts.All.Where(alert => isWanted(alert.Labels) && !alert.IsResolvedAt(now))];
        }
    }

    /// <summary>Every group with an alert that is not over, sorted by labels and receiver.</summary>
    public IReadOnlyList<AlertGroupSnapshot> Groups()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            return [.. _dispatcher.Groups
                .Select(group => Snapshot(group, now)).Where(group => group.Alerts.Count > 0)
                .OrderBy(group => group.Labels).ThenBy(group => group.Receiver, StringComparer.Ordinal)
                .ThenBy(group => group.GroupKey, StringComparer.Ordinal)];
        }
    }

    /// <summary>Stops timers, lets flushes end, and cancels those that do not within some seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            running = [.. _flushes];
        }
        await RecurringSilences.DisposeAsync();
        await (_expiryNotice?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _watch.DisposeAsync();
        await _dueTimer.DisposeAsync();
        await _maintenanceTimer.DisposeAsync();
        await _stopping.CancelAsync();
        // On the clock of the machine: a simulated one may stand still.
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(StopTimeout, TimeProvider.System, CancellationToken.None));
        await _journal.CommitAsync();
        _stopping.Dispose();
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
                if (PipelineState.IsWorthSaving(known, merged, now))
                {
                    _state.Save(merged);
                }
                if (known is null || known.IsResolvedAt(now) || merged.IsResolvedAt(now))
                {
                    Transitions.Posted(known, merged, now);
                }
                _inhibitor.Update(merged);
                added.AddRange(_dispatcher.Insert(merged, now));
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
        IReadOnlyList<AlertGroup> due;
        IReadOnlyList<AlertGroup> removed;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            (due, removed) = _dispatcher.TakeDue(now);
            Reschedule();
        }
        Save([], removed, now);
        foreach (var group in due)
        {
            var flush = FlushAsync(group, now);
            lock (_lock)
            {
                _flushes.Add(flush);
            }
            _ = flush.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        _ = _journal.CommitAsync();
    }

    private void Ended(Task flush)
    {
        lock (_lock)
        {
            _flushes.Remove(flush);
        }
    }

    private async Task FlushAsync(AlertGroup group, DateTimeOffset now)
    {
        GroupFlush flush;
        GroupDelivery delivery;
        lock (_lock)
        {
            flush = new GroupFlush(group.Route, group.Labels, [.. group.Alerts.Values.Order(AlertOrder.ByLabels)], now);
            delivery = _delivery!;
            var mutedBy = delivery.MutedBy(flush.Route, now);
            foreach (var alert in flush.Alerts)
            {
                Transitions.Suppression(alert, SuppressionCause.Mute, mutedBy, now, flush.Route);
            }
            Transitions.Write(now);
        }
        IReadOnlyList<Alert> delivered = [];
        try
        {
            using var deadline = new CancellationTokenSource(flush.Timeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token);
            delivered = await delivery.DeliverAsync(flush, either.Token);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Flush of group {GroupKey} failed and is tried again after its group interval", flush.GroupKey);
        }
        Complete(group, delivered);
    }

    private void Complete(AlertGroup group, IReadOnlyList<Alert> delivered)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            var isFirst = !group.HasFlushed;
            _dispatcher.Completed(group, delivered, now);
            if (isFirst && !group.IsRemoved)
            {
                _state.Save(group, now);
            }
            Forget(delivered.Where(alert => _alerts.Find(alert.Labels)?.IsResolvedAt(now) != false));
            Reschedule();
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
        }
    }

    /// <summary>Under the lock. What a group still holds is still to be told.</summary>
    private void Forget(IEnumerable<Alert> resolved)
    {
        foreach (var alert in resolved.Where(alert => !_dispatcher.Holds(alert.Labels)))
        {
            _state.Forget(alert);
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

    private AlertGroupSnapshot Snapshot(AlertGroup group, DateTimeOffset now) => new()
    {
        GroupKey = group.Key,
        Labels = group.Labels,
        RouteLabels = group.Route.Labels,
        Receiver = group.Route.Receiver,
        NextFlush = group.NextFlush,
        MutedBy = _delivery?.MutedBy(group.Route, now) ?? [],
        Alerts = [.. group.Alerts.Values.Where(alert => !alert.IsResolvedAt(now)).OrderBy(alert => alert.Fingerprint)
            .Select(alert => Snapshot(alert, [group.Route], now))],
    };

    private AlertSnapshot Snapshot(Alert alert, IReadOnlyList<RoutingNode> routes, DateTimeOffset now)
    {
        var silencedBy = Silences.SilencedBy(alert.Labels);
        var inhibitedBy = _inhibitor.InhibitedBy(alert.Labels, now);
        var mutedBy = routes.Select(route => _delivery?.MutedBy(route, now) ?? []).ToArray();
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
