using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
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
    private readonly AlertStore _alerts = new();
    private readonly Dispatcher _dispatcher;
    private readonly PipelineState _state;
    private readonly NotificationLog _log;
    private readonly RetryingSender _sender;
    private readonly AlertingMetrics _metrics;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _flushes = [];
    private readonly ITimer _dueTimer;
    private readonly ITimer _maintenanceTimer;
    private Inhibitor _inhibitor = new([]);
    private GroupDelivery? _delivery;
    private AlertmanagerOptions? _options;
    private bool _disposed;

    public AlertingPipeline(IStateStore state, TimeProvider time, ILogger logger, Meter meter)
    {
        _time = time;
        _logger = logger;
        _metrics = new AlertingMetrics(meter);
        Silences = new SilenceStore(state, time, logger);
        History = new NotificationHistory(state, logger);
        _state = new PipelineState(state, logger);
        _log = new NotificationLog(state, logger);
        _sender = new RetryingSender(time, _metrics, History, logger);
        _dispatcher = new Dispatcher(_state.LoadTimers());
        var now = time.GetUtcNow();
        foreach (var alert in _state.LoadAlerts(now, new AlertmanagerOptions { Route = new RouteOptions() }.ResolveTimeout))
        {
            _alerts.Put(alert, now);
        }
        _dueTimer = time.CreateTimer(_ => RunDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _maintenanceTimer = time.CreateTimer(_ => Maintain(), null, MaintenanceInterval, MaintenanceInterval);
        PipelineGauges.Register(meter, this, time);
    }

    public SilenceStore Silences { get; }

    public NotificationHistory History { get; }

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
        var delivery = new GroupDelivery(options, IsInhibited, labels => Silences.SilencedBy(labels).Count > 0, _log, _sender, _metrics);
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
        }
        _state.Save(added, now);
        _state.Forget(removed);
    }

    /// <summary>Takes alerts as a sender of the HTTP API posts them.</summary>
    /// <param name="classicNames">Whether label names must be legacy ones (classic mode).</param>
    public PostResult Post(IReadOnlyList<PostableAlert> alerts, bool classicNames = false)
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
        return Store(good, now, errors);
    }

    /// <summary>Takes alerts of the rules in this process.</summary>
    public PostResult Post(IReadOnlyList<Alert> alerts) => Store(alerts, _time.GetUtcNow(), []);

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
        await _dueTimer.DisposeAsync();
        await _maintenanceTimer.DisposeAsync();
        await _stopping.CancelAsync();
        // On the clock of the machine: a simulated one may stand still.
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(StopTimeout, TimeProvider.System, CancellationToken.None));
        _stopping.Dispose();
    }

    private PostResult Store(IReadOnlyList<Alert> alerts, DateTimeOffset now, List<string> errors)
    {
        var stored = new List<Alert>(alerts.Count);
        var added = new List<AlertGroup>();
        lock (_lock)
        {
            foreach (var alert in alerts)
            {
                _metrics.Received(!alert.IsResolvedAt(now));
                if (_alerts.Put(alert, now) is not { } merged)
                {
                    _metrics.Limited.Add(1);
                    errors.Add($"alert {alert.Name} refused: {AlertStore.MaxAlerts} alerts are active, no more are kept");
                    continue;
                }
                stored.Add(merged);
                _inhibitor.Update(merged);
                added.AddRange(_dispatcher.Insert(merged, now));
            }
            Reschedule();
        }
        if (stored.Count > 0)
        {
            _state.Save(stored);
        }
        if (added.Count > 0)
        {
            _state.Save(added, now);
        }
        return new PostResult(stored.Count, errors);
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
        _state.Forget(removed);
        foreach (var group in due)
        {
            var flush = FlushAsync(group, now);
            lock (_lock)
            {
                _flushes.Add(flush);
            }
            _ = flush.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
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
        }
        var delivered = false;
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
        Complete(group, flush, delivered);
    }

    private void Complete(AlertGroup group, GroupFlush flush, bool delivered)
    {
        var now = _time.GetUtcNow();
        var resolved = delivered ? flush.Alerts.Where(alert => alert.IsResolvedAt(flush.Now)).ToArray() : [];
        bool isFirst;
        List<Alert> forgotten;
        lock (_lock)
        {
            isFirst = !group.HasFlushed;
            _dispatcher.Completed(group, resolved, now);
            forgotten = [.. resolved.Where(alert => !_dispatcher.Holds(alert.Labels)
                && _alerts.Find(alert.Labels)?.IsResolvedAt(now) != false)];
            Reschedule();
        }
        if (isFirst)
        {
            _state.Save([group], now);
        }
        foreach (var alert in forgotten)
        {
            _state.Forget(alert);
        }
    }

    private void Maintain()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            foreach (var alert in _alerts.RemoveResolved(now))
            {
                _inhibitor.Remove(alert.Labels);
            }
        }
        Silences.Collect();
        _log.Collect(now);
        _state.Purge(now);
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
            Receivers = [.. routes.Select(route => route.Receiver).Distinct(StringComparer.Ordinal)],
            State = routes.Count == 0 ? AlertState.Unprocessed
                : silencedBy.Count > 0 || inhibitedBy.Count > 0 || isMuted ? AlertState.Suppressed : AlertState.Active,
            SilencedBy = silencedBy,
            InhibitedBy = [.. inhibitedBy.Select(source => Fingerprint.Text(source.Fingerprint))],
            MutedBy = isMuted ? [.. mutedBy.SelectMany(names => names).Distinct(StringComparer.Ordinal)] : [],
        };
    }
}
