namespace Pharos.Alerting.Notifications;

internal static class NotifyFailures
{
    public static NotifyFailure Of(int httpStatus) => httpStatus switch
    {
        401 or 403 => NotifyFailure.AuthError,
        429 => NotifyFailure.RateLimited,
        >= 400 and < 500 => NotifyFailure.ClientError,
        >= 500 and < 600 => NotifyFailure.ServerError,
        _ => NotifyFailure.Other,
    };

    /// <summary>The value of the label <c>reason</c> of <c>alertmanager_notifications_failed_total</c>.</summary>
    public static string Label(this NotifyFailure failure) => failure switch
    {
        NotifyFailure.ClientError => "clientError",
        NotifyFailure.ServerError => "serverError",
        NotifyFailure.RateLimited => "rateLimited",
        NotifyFailure.AuthError => "authError",
        NotifyFailure.ContextCanceled => "contextCanceled",
        NotifyFailure.ContextDeadlineExceeded => "contextDeadlineExceeded",
        _ => "other",
    };
}
