namespace Pharos.Alerting.Notifications;

/// <summary>One integration of a receiver: one entry below <c>slack_configs</c>, <c>email_configs</c>, ...</summary>
/// <remarks>Thread-safe. Tries once; the caller repeats what may be repeated.</remarks>
public interface INotifier
{
    /// <summary>The integration's name in logs and metrics: <c>slack</c>, <c>email</c>, <c>pagerduty</c>, <c>webhook</c>.</summary>
    string Integration { get; }

    bool SendResolved { get; }

    ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation);
}
