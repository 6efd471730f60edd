using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Server.Api.Events;

/// <summary>Makes alerts of events. Events are said once: unlike Prometheus' alerts, theirs stay open until they are resolved.</summary>
/// <remarks>Thread-safe. What an event does depends on the alerts that are open, so one request is looked at a time; they wait for
/// the disk together.</remarks>
internal sealed class EventIntake(AlertingPipeline pipeline, TimeProvider time)
{
    private const string AcknowledgedAt = "acknowledged_at";

    /// <summary>Always the same, so that an event which is repeated changes nothing; Go's times in nanoseconds reach it.</summary>
    private static readonly DateTimeOffset OpenEnd = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();

    public Task<IntakeResult> TakeAsync(PagerDutyEvent taken) => PostAsync(now =>
    {
        var hash = taken.RoutingKeyHash;
        var open = pipeline.FindOpen(labels =>
            labels[PagerDutyEvent.DedupKeyLabel] == taken.DedupKey && labels[PagerDutyEvent.RoutingKeyLabel] == hash);
        return taken.Action switch
        {
            PagerDutyAction.Resolve => (open.Select(alert => Ended(alert, now)), 0),
            PagerDutyAction.Acknowledge => (open.Select(alert => Acknowledged(alert, now)), 0),
            _ => (Triggered(taken, open, now), 0),
        };
    });

    public Task<IntakeResult> TakeAsync(IReadOnlyList<WebhookAlert> alerts) => PostAsync(now =>
    {
        var batch = new List<PostableAlert>(alerts.Count);
        var ignored = 0;
        foreach (var (isFiring, alert) in alerts)
        {
            if (isFiring)
            {
                batch.Add(alert with
                {
                    StartsAt = Earlier(alert.StartsAt ?? now, now),
                    EndsAt = alert.EndsAt > now ? alert.EndsAt : OpenEnd,
                });
            }
            else if (pipeline.FindOpen(LabelSet.From([.. alert.Labels])) is { } open && !IsLate(alert, open))
            {
                batch.Add(Ended(open, Earlier(alert.EndsAt ?? now, now)) with
                {
                    Annotations = alert.Annotations.Count > 0 ? alert.Annotations : [.. open.Annotations],
                });
            }
            else
            {
                ignored++;
            }
        }
        return (batch, ignored);
    });

    /// <summary>An open alert keeps the labels it was opened with, but for the severity: whoever is told of another severity is told
    /// that the alert of the old one is over.</summary>
    private static IEnumerable<PostableAlert> Triggered(PagerDutyEvent taken, IReadOnlyList<Alert> open, DateTimeOffset now)
    {
        var known = open.Count > 0 ? open[0] : null;
        var labels = known?.Labels.With(PagerDutyEvent.SeverityLabel, taken.Severity) ?? taken.Labels();
        foreach (var other in open.Where(alert => !alert.Labels.Equals(labels)))
        {
            yield return Ended(other, now);
        }
        var acknowledged = known?.Annotations.Where(static annotation => annotation.Name == AcknowledgedAt) ?? [];
        yield return new PostableAlert
        {
            Labels = [.. labels],
            Annotations = [.. taken.Annotations, .. acknowledged],
            StartsAt = known is null ? Earlier(taken.Timestamp ?? now, now) : known.Labels.Equals(labels) ? known.StartsAt : now,
            EndsAt = OpenEnd,
            GeneratorUrl = taken.ClientUrl,
        };
    }

    private static PostableAlert Acknowledged(Alert alert, DateTimeOffset now) => Posted(alert) with
    {
        Annotations =
        [
            .. alert.Annotations.Where(static annotation => annotation.Name != AcknowledgedAt),
            new Label(AcknowledgedAt, JsonForms.Rfc3339(now)),
        ],
    };

    private static PostableAlert Ended(Alert alert, DateTimeOffset at) => Posted(alert) with
    {
        StartsAt = alert.StartsAt,
        EndsAt = at > alert.StartsAt ? at : alert.StartsAt,
    };

    private static PostableAlert Posted(Alert alert) => new()
    {
        Labels = [.. alert.Labels],
        Annotations = [.. alert.Annotations],
        StartsAt = alert.StartsAt,
        EndsAt = alert.EndsAt,
        GeneratorUrl = alert.GeneratorUrl,
    };

    /// <summary>Whether the end that is told is that of an earlier time: a message that was repeated or overtaken ends nothing newer.</summary>
    /// <remarks>Only the sender's own times are compared; those of its clock and of this one say nothing about each other.</remarks>
    private static bool IsLate(PostableAlert resolved, Alert open) => resolved.StartsAt < open.StartsAt && resolved.EndsAt < open.StartsAt;

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    private async Task<IntakeResult> PostAsync(Func<DateTimeOffset, (IEnumerable<PostableAlert> Alerts, int Ignored)> decide)
    {
        List<PostableAlert> batch;
        int ignored;
        Task<PostResult> posting;
        DateTimeOffset now;
        lock (_lock)
        {
            now = time.GetUtcNow();
            (var alerts, ignored) = decide(now);
            batch = [.. alerts];
            // What comes back is waiting for the disk: the alerts are in place when the lock is left.
            posting = batch.Count > 0 ? pipeline.PostAsync(batch) : Task.FromResult(new PostResult(0, []));
        }
        var result = await posting;
        var resolved = batch.Count(alert => alert.EndsAt <= now);
        return new IntakeResult(batch.Count - resolved, resolved, ignored,
            result.AcceptedCount + result.Errors.Count < batch.Count, result.IsDurable, result.Errors);
    }
}
