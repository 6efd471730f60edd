namespace Pharos.Alerting.Durability;

/// <summary>An entry of the notification log on disk.</summary>
/// <param name="Hidden">Null where there are none, as in files of before it was kept.</param>
internal sealed record StoredLogEntry(
    ulong[] Firing, ulong[] Resolved, DateTimeOffset At, DateTimeOffset ExpiresAt, ulong[]? Hidden = null);
