using Pharos.Alerting.Alerts;
using Pharos.Alerting.Durability;

namespace Pharos.Alerting.Notifications;

/// <summary>Decides from the notification log whether a group must be sent again. Pure.</summary>
internal static class NotificationDecision
{
    /// <param name="sendResolved">Whether this integration wants resolved alerts.</param>
    /// <remarks>The repeat is due when the interval has passed, counted from flush to flush; Alertmanager counts from the
    /// end of the sending and so repeats one group interval later.</remarks>
    public static NotificationReason Decide(
        NotificationLogEntry? entry, FingerprintSet firing, FingerprintSet resolved, bool sendResolved,
        TimeSpan repeatInterval, DateTimeOffset now)
    {
        if (entry is null)
        {
            return firing.Count > 0 ? NotificationReason.FirstNotification : NotificationReason.DoNotNotify;
        }
        if (!firing.IsSubsetOf(entry.Firing))
        {
            // After a notification that all is over, what fires is the first of a new story.
            return entry.Firing.Count == 0 ? NotificationReason.FirstNotification : NotificationReason.NewAlertsInGroup;
        }
        if (firing.Count == 0)
        {
            // Also where the integration wants no resolved alerts: so that the log forgets that they fire.
            return entry.Firing.Count > 0 || resolved.Overlaps(entry.Hidden)
                ? NotificationReason.AllAlertsResolved : NotificationReason.DoNotNotify;
        }
        if (sendResolved && !resolved.IsSubsetOf(entry.Resolved))
        {
            return NotificationReason.NewResolvedAlerts;
        }
        return entry.At <= now - repeatInterval
            ? NotificationReason.RepeatIntervalElapsed : NotificationReason.DoNotNotify;
    }

    /// <summary>The text that templates and payloads carry.</summary>
    public static string Text(NotificationReason reason) => reason switch
    {
        NotificationReason.FirstNotification => "first notification",
        NotificationReason.NewAlertsInGroup => "new alerts added",
        NotificationReason.AllAlertsResolved => "all alerts resolved",
        NotificationReason.NewResolvedAlerts => "some alerts resolved",
        NotificationReason.RepeatIntervalElapsed => "repeat interval elapsed",
        _ => "",
    };
}
