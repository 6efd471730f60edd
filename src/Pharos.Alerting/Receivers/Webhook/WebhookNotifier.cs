using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Webhook;

/// <summary>Posts Alertmanager's webhook message, version 4, or the payload that the user has written.</summary>
public sealed class WebhookNotifier(WebhookOptions options, ReceiverSetup setup) : INotifier
{
    private const string Version = "4";

    private readonly HttpIntegration _http = new("webhook", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(WebhookMessage.Keep(notification, options.MaxAlerts),
            (renderer, token) => SendAsync(renderer, WebhookMessage.CountCut(notification, options.MaxAlerts), token), cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, int cutAlerts, CancellationToken cancellation)
    {
        var url = renderer.SecretText("url", options.Url.Reveal()).Trim();
        var json = options.Payload is null ? WebhookMessage.Write(renderer.Data, Version, cutAlerts)
            : new JsonText().Value(TemplatedNodeRenderer.Render("payload", options.Payload, renderer, renderer.PlainSubject())).ToString();
        return _http.SendAsync(new OutgoingRequest(url) { Body = json, Timeout = options.Timeout }, cancellation);
    }
}
