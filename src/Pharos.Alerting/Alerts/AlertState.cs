namespace Pharos.Alerting.Alerts;

/// <summary>An alert's state on the notification side.</summary>
public enum AlertState
{
    /// <summary>No route has taken it yet.</summary>
    Unprocessed,
    Active,

    /// <summary>Silenced, inhibited or muted by time.</summary>
    Suppressed,
}
