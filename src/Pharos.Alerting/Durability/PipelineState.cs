using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Cluster;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;
using Pharos.Storage.State;

namespace Pharos.Alerting.Durability;

/// <summary>The alerts and the groups' timers on disk.</summary>
/// <remarks>Thread-safe. What is saved here is durable with the journal's next commit.</remarks>
/// <param name="isShared">Whether several nodes keep their alerts in one place: one's number is another's other alert, and alerts are
/// stored by their fingerprints instead.</param>
internal sealed class PipelineState(IStateStore state, StateJournal journal, ILogger logger, bool isShared = false)
{
    private const string AlertCollection = SharedCollections.Alerts;
    private const string TimerCollection = "alert-groups";

    /// <summary>What was firing when the process ended gets this time to be sent again, so that a stop of ours resolves nothing.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>For alerts that are over: those to be told are told within a few group intervals.</summary>
    private static readonly TimeSpan ResolvedRetention = TimeSpan.FromHours(24);

    private static readonly TimeSpan TimerRetention = TimeSpan.FromDays(30);

    /// <summary>Whether a restart would have to know of the change. A sender that only says that the alert still fires is not
    /// worth a write: after a restart the alert is believed to fire for <see cref="Grace"/> in any case.</summary>
    /// <param name="known">As it was before, or null.</param>
    public static bool IsWorthSaving(Alert? known, Alert alert, DateTimeOffset now) =>
        known is null
        || known.IsResolvedAt(now) || alert.IsResolvedAt(now)
        || known.StartsAt != alert.StartsAt
        || (known.EndsAt != alert.EndsAt && alert.EndsAt > now + Grace)
        || !ReferenceEquals(known.Annotations, alert.Annotations)
        || known.GeneratorUrl != alert.GeneratorUrl;

    public void Save(Alert alert) => journal.Add(new StateChange(AlertCollection, Key(alert), Write(alert),
        alert.EndsAt > alert.UpdatedAt ? null : alert.UpdatedAt + ResolvedRetention));

    public void Forget(Alert alert) => journal.Add(new StateChange(AlertCollection, Key(alert), null));

    public void Save(AlertGroup group, DateTimeOffset now) =>
        journal.Add(new StateChange(TimerCollection, group.Identity, Write(group), now + TimerRetention));

    public void Forget(AlertGroup group) => journal.Add(new StateChange(TimerCollection, group.Identity, null));

    /// <summary>Those without a number, which an older Pharos has left, come last: their new ones must be nobody's.</summary>
    public IReadOnlyList<Alert> LoadAlerts(DateTimeOffset now)
    {
        var alerts = new List<Alert>();
        foreach (var entry in state.All(AlertCollection))
        {
            if (entry.ExpiresAt <= now || Read(entry) is not { } alert)
            {
                continue;
            }
            var wasFiring = alert.EndsAt > alert.UpdatedAt;
            alerts.Add(wasFiring && alert.EndsAt < now + Grace ? alert with { EndsAt = now + Grace, Timeout = true } : alert);
        }
        return [.. alerts.OrderBy(static alert => alert.StoredAs == 0)];
    }

    public Dictionary<string, GroupTimer> LoadTimers()
    {
        var timers = new Dictionary<string, GroupTimer>(StringComparer.Ordinal);
        foreach (var entry in state.All(TimerCollection))
        {
            try
            {
                if (JsonSerializer.Deserialize(entry.Value, StateJson.Default.GroupTimer) is { } timer)
                {
                    timers[entry.Key] = timer;
                }
            }
            catch (JsonException exception)
            {
                logger.LogError(exception, "Stored timer of group {Group} cannot be read", entry.Key);
            }
        }
        return timers;
    }

    /// <summary>An alert as another node has stored it, or null where it cannot be read.</summary>
    public Alert? Read(StateEntry entry)
    {
        try
        {
            var read = JsonSerializer.Deserialize(entry.Value, StateJson.Default.StoredAlert) ?? throw new JsonException("null");
            return new Alert
            {
                Labels = LabelSet.From(read.Labels),
                Annotations = LabelSet.OfTexts(read.Annotations),
                StartsAt = read.StartsAt,
                EndsAt = read.EndsAt,
                GeneratorUrl = read.GeneratorUrl,
                UpdatedAt = read.UpdatedAt,
                Timeout = read.Timeout,
                StoredAs = !isShared && long.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
            };
        }
        catch (JsonException exception)
        {
            logger.LogError(exception, "Stored alert {Alert} cannot be read", entry.Key);
            return null;
        }
    }

    /// <summary>In the order of arrival: what comes together lies together, so that a batch writes tens of pages and not hundreds.</summary>
    private string Key(Alert alert) => isShared ? Fingerprint.Text(alert.Fingerprint) : alert.StoredAs.ToString("d18", CultureInfo.InvariantCulture);

    /// <summary>A <see cref="StoredAlert"/>.</summary>
    private static byte[] Write(Alert alert)
    {
        var writer = RecordWriter.Begin();
        var json = writer.Json;
        json.WriteStartObject();
        writer.Write("Labels"u8, alert.Labels);
        writer.Write("Annotations"u8, alert.Annotations);
        json.WriteString("StartsAt"u8, alert.StartsAt);
        json.WriteString("EndsAt"u8, alert.EndsAt);
        json.WriteString("GeneratorUrl"u8, alert.GeneratorUrl);
        json.WriteString("UpdatedAt"u8, alert.UpdatedAt);
        json.WriteBoolean("Timeout"u8, alert.Timeout);
        json.WriteEndObject();
        return writer.Finish();
    }

    /// <summary>A <see cref="GroupTimer"/>.</summary>
    private static byte[] Write(AlertGroup group)
    {
        var writer = RecordWriter.Begin();
        writer.Json.WriteStartObject();
        writer.Json.WriteString("FlushAt"u8, group.NextFlush);
        writer.Json.WriteBoolean("HasFlushed"u8, group.HasFlushed);
        writer.Json.WriteEndObject();
        return writer.Finish();
    }
}
