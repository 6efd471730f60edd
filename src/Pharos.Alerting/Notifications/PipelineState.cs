using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;
using Pharos.Storage.State;

namespace Pharos.Alerting.Notifications;

/// <summary>The alerts and the groups' timers on disk.</summary>
/// <remarks>Thread-safe. A disk that refuses costs only what a restart would have kept: it is logged and the work goes on.</remarks>
internal sealed class PipelineState(IStateStore state, ILogger logger)
{
    private const string AlertCollection = "alerts";
    private const string TimerCollection = "alert-groups";

    /// <summary>After a longer stop nothing of before can be assumed to still hold.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    public void Save(IReadOnlyList<Alert> alerts) => Guarded(() => state.PutAll(AlertCollection,
        [.. alerts.Select(alert => new StateEntry(Fingerprint.Text(alert.Fingerprint), Write(alert), alert.EndsAt + Retention))]));

    public void Forget(Alert alert) => Guarded(() => state.Delete(AlertCollection, Fingerprint.Text(alert.Fingerprint)));

    public void Save(IReadOnlyList<AlertGroup> groups, DateTimeOffset now) => Guarded(() => state.PutAll(TimerCollection,
        [.. groups.Select(group => new StateEntry(group.Identity,
            JsonSerializer.SerializeToUtf8Bytes(new GroupTimer(group.NextFlush, group.HasFlushed)), now + (Retention * 30)))]));

    public void Forget(IReadOnlyList<AlertGroup> groups)
    {
        foreach (var group in groups)
        {
            Guarded(() => state.Delete(TimerCollection, group.Identity));
        }
    }

    public void Purge(DateTimeOffset now) => Guarded(() => state.Purge(now));

    /// <summary>What was firing when the process ended gets <paramref name="grace"/> to be sent again, so that a stop of ours
    /// resolves nothing.</summary>
    public IReadOnlyList<Alert> LoadAlerts(DateTimeOffset now, TimeSpan grace)
    {
        var alerts = new List<Alert>();
        foreach (var entry in state.All(AlertCollection))
        {
            if (entry.ExpiresAt <= now || Read(entry) is not { } alert)
            {
                continue;
            }
            var wasFiring = alert.EndsAt > alert.UpdatedAt;
            alerts.Add(wasFiring && alert.EndsAt < now + grace ? alert with { EndsAt = now + grace, Timeout = true } : alert);
        }
        return alerts;
    }

    public Dictionary<string, GroupTimer> LoadTimers()
    {
        var timers = new Dictionary<string, GroupTimer>(StringComparer.Ordinal);
        foreach (var entry in state.All(TimerCollection))
        {
            try
            {
                if (JsonSerializer.Deserialize<GroupTimer>(entry.Value) is { } timer)
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

    private Alert? Read(StateEntry entry)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Record>(entry.Value) ?? throw new JsonException("null");
            return new Alert
            {
                Labels = LabelSet.From(read.Labels),
                Annotations = LabelSet.OfTexts(read.Annotations),
                StartsAt = read.StartsAt,
                EndsAt = read.EndsAt,
                GeneratorUrl = read.GeneratorUrl,
                UpdatedAt = read.UpdatedAt,
                Timeout = read.Timeout,
            };
        }
        catch (JsonException exception)
        {
            logger.LogError(exception, "Stored alert {Alert} cannot be read", entry.Key);
            return null;
        }
    }

    private static byte[] Write(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(new Record(
        alert.Labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal),
        alert.Annotations.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal),
        alert.StartsAt, alert.EndsAt, alert.GeneratorUrl, alert.UpdatedAt, alert.Timeout));

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (IOException exception)
        {
            logger.LogError(exception, "State of the alerting pipeline could not be stored");
        }
    }

    private sealed record Record(Dictionary<string, string> Labels, Dictionary<string, string> Annotations,
        DateTimeOffset StartsAt, DateTimeOffset EndsAt, string GeneratorUrl, DateTimeOffset UpdatedAt, bool Timeout);
}
