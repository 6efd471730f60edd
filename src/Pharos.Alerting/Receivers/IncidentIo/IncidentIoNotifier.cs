using System.Text;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Webhook;

namespace Pharos.Alerting.Receivers.IncidentIo;

/// <summary>Posts the webhook message, under its own version, to an alert source of incident.io.</summary>
public sealed class IncidentIoNotifier(IncidentIoOptions options, ReceiverSetup setup) : INotifier
{
    private const string Version = "1";
    private const int MaxMessageBytes = 512 * 1024;

    private readonly HttpIntegration _http = new("incidentio", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(WebhookMessage.Keep(notification, options.MaxAlerts),
            (renderer, token) => SendAsync(renderer, WebhookMessage.CountCut(notification, options.MaxAlerts), token), cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, int cutAlerts, CancellationToken cancellation)
    {
        var json = WebhookMessage.Write(renderer.Data, Version, cutAlerts);
        if (Encoding.UTF8.GetByteCount(json) > MaxMessageBytes)
        {
            // One alert is made of the group there, so the others are dispensable.
            setup.Logger.LogWarning("receiver {Receiver}, incidentio: only the first alert is sent, the message is larger than {Limit} bytes",
                renderer.Data.Notification.Receiver, MaxMessageBytes);
            json = WebhookMessage.Write(renderer.Data with { Alerts = [.. renderer.Data.Alerts.Take(1)] }, Version, cutAlerts);
        }
        var token = options.AlertSourceToken?.Reveal();
        return _http.SendAsync(
            new OutgoingRequest(options.Url.Reveal())
            {
                Body = json,
                Timeout = options.Timeout,
                Authorization = token is null ? null : "Bearer " + token,
            },
            cancellation);
    }
}
