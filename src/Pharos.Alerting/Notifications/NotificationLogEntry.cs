namespace Pharos.Alerting.Notifications;

/// <summary>What an integration was last told about a group: fingerprints of the alerts.</summary>
internal sealed record NotificationLogEntry(
    IReadOnlySet<ulong> Firing, IReadOnlySet<ulong> Resolved, DateTimeOffset At, DateTimeOffset ExpiresAt);
