using System.Globalization;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;
using Pharos.Alerting.History;
using Pharos.Alerting.Routing;
using Pharos.Alerting.Silences;
using Pharos.Storage.Model;
using Pharos.Storage.State;
using Pharos.Storage.State.Sharing;

namespace Pharos.Alerting.Cluster;

/// <summary>Keeps a pipeline's alerts, silences and histories equal to those of the other nodes, and has it go on with their groups when
/// this node begins to lead.</summary>
/// <remarks>Thread-safe through the pipeline's lock. Of two versions of an alert the one that was received later holds, on every node;
/// a node that finds its own newer one overwritten writes it again.</remarks>
/// <param name="pipeline">The pipeline's lock.</param>
internal sealed class SharedPipeline(
    Lock pipeline, AlertStore alerts, Dispatcher dispatcher, PipelineState state, StateJournal journal, NotificationLog log) : IClusterDuty
{
    /// <summary>By so much clocks of nodes may differ before an alert that is over on one stays open on another.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <summary>By fingerprint, what the shared state says of each alert; an entry goes with its alert.</summary>
    private readonly Dictionary<ulong, Stored> _stored = [];

    public required SilenceStore Silences { get; init; }

    public required RecurringSilences Recurring { get; init; }

    public required AlertHistory Transitions { get; init; }

    public required NotificationHistory Notifications { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Puts an alert of another node in place, under the lock; it is stored already.</summary>
    public required Action<Alert, DateTimeOffset> Take { get; init; }

    /// <summary>Looks what is due now; called without the lock.</summary>
    public required Action Resume { get; init; }

    /// <summary>Under the lock. Whether other nodes would otherwise take the alert for over too early: they hear of every renewal only
    /// once a third of the time has passed for which they know that it fires.</summary>
    public bool IsWorthSaving(Alert alert, DateTimeOffset now) => !_stored.TryGetValue(alert.Fingerprint, out var stored)
        || (alert.EndsAt > stored.EndsAt && (stored.EndsAt - now) * 3 < (alert.EndsAt - now) * 2);

    /// <summary>Under the lock.</summary>
    public void Saved(Alert alert) => _stored[alert.Fingerprint] = new Stored(alert.Labels, alert.EndsAt);

    /// <summary>Under the lock. The alert has left the pipeline's memory.</summary>
    public void Forgotten(Alert alert) => _stored.Remove(alert.Fingerprint);

    public void Receive(IReadOnlyList<SharedChange> changes)
    {
        var now = Time.GetUtcNow();
        foreach (var change in changes)
        {
            if (change.Collection == SharedCollections.Silences)
            {
                Silences.Receive(change.Key, change.Value);
            }
            else if (change.Collection == SharedCollections.RecurringSilences)
            {
                Recurring.Receive(change.Key, change.Value);
            }
        }
        lock (pipeline)
        {
            foreach (var change in changes)
            {
                switch (change.Collection)
                {
                    case SharedCollections.AlertHistory:
                        Transitions.Receive(change.Key, change.Value, change.ExpiresAt);
                        break;
                    case SharedCollections.NotificationHistory:
                        Notifications.Receive(change.Key, change.Value, change.ExpiresAt);
                        break;
                    case SharedCollections.Alerts when change.Value is null:
                        Gone(change.Key, now);
                        break;
                    case SharedCollections.Alerts:
                        Changed(new StateEntry(change.Key, change.Value, change.ExpiresAt), now);
                        break;
                }
            }
            Transitions.Write(now);
        }
        Resume();
        _ = journal.CommitAsync();
    }

    public void Prepare(DateTimeOffset quietSince, bool isOwnMemory)
    {
        var now = Time.GetUtcNow();
        if (!isOwnMemory)
        {
            log.Reload();
        }
        var timers = state.LoadTimers();
        var intended = log.TakeUpIntents(now);
        lock (pipeline)
        {
            // A timer is a little late: what was due just before the last sign of life may not have been begun.
            foreach (var group in dispatcher.TakeOver(now, quietSince - LeaseTerms.Interval, timers, intended))
            {
                state.Save(group, now);
            }
            Transitions.TakeOver(quietSince);
        }
    }

    public void Lead()
    {
        Resume();
        _ = journal.CommitAsync();
    }

    public void Follow()
    {
        lock (pipeline)
        {
            Transitions.IsWriting = false;
        }
    }

    private void Changed(StateEntry entry, DateTimeOffset now)
    {
        if (state.Read(entry) is not { } alert)
        {
            return;
        }
        var known = alerts.Find(alert.Labels);
        if (known is null || alert.UpdatedAt > known.UpdatedAt)
        {
            Saved(alert);
            Take(alert, now);
        }
        else if (alert.UpdatedAt < known.UpdatedAt && IsOther(alert, known, now))
        {
            Saved(known);
            state.Save(known);
        }
        else
        {
            Saved(alert with { Labels = known.Labels });
        }
    }

    /// <summary>The leader has told everybody that the alert is over.</summary>
    private void Gone(string key, DateTimeOffset now)
    {
        if (!ulong.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fingerprint)
            || !_stored.TryGetValue(fingerprint, out var stored) || alerts.Find(stored.Labels) is not { } known)
        {
            return;
        }
        if (known.IsResolvedAt(now + ClockTolerance))
        {
            dispatcher.Drop(known.Labels, now);
        }
        else
        {
            // It fires again, which the leader did not know.
            state.Save(known);
        }
    }

    private static bool IsOther(Alert left, Alert right, DateTimeOffset now) => left.StartsAt != right.StartsAt
        || left.IsResolvedAt(now) != right.IsResolvedAt(now) || left.GeneratorUrl != right.GeneratorUrl
        || !left.Annotations.Equals(right.Annotations);

    private readonly record struct Stored(LabelSet Labels, DateTimeOffset EndsAt);
}
