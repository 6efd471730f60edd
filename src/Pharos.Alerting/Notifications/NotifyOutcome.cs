namespace Pharos.Alerting.Notifications;

public enum NotifyOutcome
{
    Sent,

    /// <summary>Failed in a way that may pass: the network, a 5xx, a 429.</summary>
    Retry,

    /// <summary>Failed for good: trying the same again cannot help.</summary>
    Failed,
}
