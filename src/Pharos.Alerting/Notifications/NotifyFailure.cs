namespace Pharos.Alerting.Notifications;

/// <summary>Why an attempt failed, in the words of Alertmanager's metrics.</summary>
public enum NotifyFailure
{
    Other,
    ClientError,
    ServerError,
    RateLimited,
    AuthError,
    ContextCanceled,
    ContextDeadlineExceeded,
}
