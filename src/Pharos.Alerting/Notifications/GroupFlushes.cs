using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.Durability;
using Pharos.Alerting.History;
using Pharos.Alerting.Routing;

namespace Pharos.Alerting.Notifications;

/// <summary>The flushes of a pipeline's groups that are under way: each from its turn to what is known afterwards.</summary>
/// <remarks>Thread-safe through the pipeline's lock. A flush runs on its caller's thread up to its first wait.</remarks>
/// <param name="pipeline">The pipeline's lock.</param>
internal sealed class GroupFlushes(Lock pipeline, AlertStore alerts, Dispatcher dispatcher, PipelineState state, StateJournal journal, NotificationLog log)
    : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<Task> _running = [];

    public required AlertHistory Transitions { get; init; }

    /// <summary>This process among those that share the state; null where it has its own.</summary>
    public required ClusterNode? Node { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Under the lock. Looks when the next group is due.</summary>
    public required Action Reschedule { get; init; }

    /// <summary>Under the lock. Whom a flush that begins now tells and what keeps it from that; null before there is a configuration.</summary>
    public GroupDelivery? Delivery { get; set; }

    /// <summary>Ends with the flushes that are under way now.</summary>
    public Task Running
    {
        get
        {
            lock (pipeline)
            {
                return Task.WhenAll(_running);
            }
        }
    }

    /// <param name="service">Which time of leading the flush belongs to.</param>
    public void Begin(AlertGroup group, DateTimeOffset now, long service)
    {
        var flush = FlushInTurnAsync(group, now, service);
        lock (pipeline)
        {
            _running.Add(flush);
        }
        _ = flush.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Lets flushes end, and cancels those that do not within some seconds.</summary>
    public async Task StopAsync()
    {
        var running = Running;
        await _stopping.CancelAsync();
        // On the clock of the machine: a simulated one may stand still.
        await Task.WhenAny(running, Task.Delay(StopTimeout, TimeProvider.System, CancellationToken.None));
    }

    public void Dispose() => _stopping.Dispose();

    private void Ended(Task flush)
    {
        lock (pipeline)
        {
            _running.Remove(flush);
        }
    }

    private async Task FlushInTurnAsync(AlertGroup group, DateTimeOffset now, long service)
    {
        GroupDelivery delivery;
        string receiver;
        lock (pipeline)
        {
            delivery = Delivery!;
            receiver = group.Route.Receiver;
        }
        var turn = delivery.EnterAsync(receiver, _stopping.Token);
        var hasWaited = !turn.IsCompletedSuccessfully;
        if (!await turn)
        {
            // The server stops. The group's timer on disk still says that it is due.
            return;
        }
        if (hasWaited)
        {
            // What arrived meanwhile is told with the rest of the group, and not in a notification of its own an interval later.
            now = Time.GetUtcNow();
        }
        try
        {
            await FlushAsync(group, now, service);
        }
        finally
        {
            delivery.Leave(receiver);
        }
    }

    private async Task FlushAsync(AlertGroup group, DateTimeOffset now, long service)
    {
        GroupFlush flush;
        GroupDelivery delivery;
        lock (pipeline)
        {
            flush = new GroupFlush(group.Route, group.Labels, [.. group.Alerts.Values.Order(AlertOrder.ByLabels)], now);
            // Perhaps another one than that of the turn: the configuration as it is when the flush begins counts.
            delivery = Delivery!;
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
            using var deadline = new CancellationTokenSource(flush.Timeout, Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token, Node?.Term ?? default);
            delivered = await delivery.DeliverAsync(flush with { TimeIsUp = deadline.Token }, either.Token);
        }
        catch (Exception exception)
        {
            Logger.LogError(exception, "Flush of group {GroupKey} failed and is tried again after its group interval", flush.GroupKey);
        }
        if (Node is not null && (_stopping.IsCancellationRequested || !Node.IsLeading || Node.Service != service))
        {
            Interrupt(group);
            return;
        }
        Complete(group, delivered);
    }

    /// <summary>Whoever leads next, this node or another, goes on with the group at once.</summary>
    private void Interrupt(AlertGroup group)
    {
        var now = Time.GetUtcNow();
        var goesOn = Node?.IsLeading == true && !_stopping.IsCancellationRequested;
        lock (pipeline)
        {
            dispatcher.Interrupted(group, goesOn ? now : null);
            log.NoteInterruption(group.Identity, now);
            Reschedule();
        }
    }

    private void Complete(AlertGroup group, IReadOnlyList<Alert> delivered)
    {
        var now = Time.GetUtcNow();
        lock (pipeline)
        {
            var isFirst = !group.HasFlushed;
            dispatcher.Completed(group, delivered, now);
            if (isFirst && !group.IsRemoved)
            {
                state.Save(group, now);
            }
            Forget(delivered.Where(alert => alerts.Find(alert.Labels)?.IsResolvedAt(now) != false));
            Reschedule();
        }
        _ = journal.CommitAsync();
    }

    /// <summary>Under the lock. What a group still holds is still to be told.</summary>
    private void Forget(IEnumerable<Alert> resolved)
    {
        foreach (var alert in resolved.Where(alert => !dispatcher.Holds(alert.Labels)))
        {
            state.Forget(alert);
        }
    }
}
