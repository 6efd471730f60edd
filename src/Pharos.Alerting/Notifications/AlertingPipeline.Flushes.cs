using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.History;
using Pharos.Alerting.Routing;

namespace Pharos.Alerting.Notifications;

/// <content>One flush of one group: from its turn to what is known afterwards.</content>
public sealed partial class AlertingPipeline
{
    /// <param name="service">Which time of leading the flush belongs to.</param>
    private async Task FlushAsync(AlertGroup group, DateTimeOffset now, long service)
    {
        GroupDelivery delivery;
        string receiver;
        lock (_lock)
        {
            delivery = _delivery!;
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
            now = _time.GetUtcNow();
        }
        try
        {
            await FlushNowAsync(group, now, service);
        }
        finally
        {
            delivery.Leave(receiver);
        }
    }

    private async Task FlushNowAsync(AlertGroup group, DateTimeOffset now, long service)
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
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stopping.Token, _node?.Term ?? default);
            delivered = await delivery.DeliverAsync(flush with { TimeIsUp = deadline.Token }, either.Token);
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Flush of group {GroupKey} failed and is tried again after its group interval", flush.GroupKey);
        }
        if (_node is not null && (_stopping.IsCancellationRequested || !_node.IsLeading || _node.Service != service))
        {
            Interrupt(group);
            return;
        }
        Complete(group, delivered);
    }

    /// <summary>Whoever leads next, this node or another, goes on with the group at once.</summary>
    private void Interrupt(AlertGroup group)
    {
        var now = _time.GetUtcNow();
        var goesOn = IsLeading && !_stopping.IsCancellationRequested;
        lock (_lock)
        {
            _dispatcher.Interrupted(group, goesOn ? now : null);
            _log.NoteInterruption(group.Identity, now);
            Reschedule();
        }
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
}
