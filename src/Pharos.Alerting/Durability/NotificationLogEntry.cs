using Pharos.Alerting.Alerts;

namespace Pharos.Alerting.Durability;

/// <summary>What an integration was last told about a group.</summary>
/// <param name="Hidden">Those that an earlier notification called firing and the last one left out, because they were silenced or
/// inhibited: nobody has been told yet that they are over.</param>
internal sealed record NotificationLogEntry(
    FingerprintSet Firing, FingerprintSet Resolved, FingerprintSet Hidden, DateTimeOffset At, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether the integration believes that the alert fires.</summary>
    public bool SaysFiring(ulong fingerprint) => Firing.Contains(fingerprint) || Hidden.Contains(fingerprint);
}
