using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Tests.Notifications;

/// <summary>Keeps what it was sent; answers what the test says.</summary>
internal sealed class RecordingNotifier(bool sendResolved = true, string integration = "webhook") : INotifier
{
    public List<Notification> Received { get; } = [];

    public int Attempts { get; private set; }

    /// <summary>Asked before each attempt; <see cref="NotifyResult.Sent"/> where it is null.</summary>
    public Func<Notification, NotifyResult>? Answer { get; set; }

    public string Integration => integration;

    public bool SendResolved => sendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        Attempts++;
        var result = Answer?.Invoke(notification) ?? NotifyResult.Sent;
        if (result.Outcome == NotifyOutcome.Sent)
        {
            Received.Add(notification);
        }
        return ValueTask.FromResult(result);
    }
}
