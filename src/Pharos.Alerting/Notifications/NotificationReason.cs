namespace Pharos.Alerting.Notifications;

/// <summary>Why an integration is, or is not, notified about a group at a flush.</summary>
public enum NotificationReason
{
    DoNotNotify,
    FirstNotification,
    NewAlertsInGroup,
    AllAlertsResolved,
    NewResolvedAlerts,
    RepeatIntervalElapsed,
}
