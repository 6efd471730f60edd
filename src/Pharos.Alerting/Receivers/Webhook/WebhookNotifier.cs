using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates.Notifications;
using Pharos.Alerting.Templates.Values;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Webhook;

/// <summary>Posts Alertmanager's webhook message, version 4, or the payload that the user has written.</summary>
public sealed class WebhookNotifier(WebhookOptions options, ReceiverSetup setup) : INotifier
{
    private readonly HttpIntegration _http = new("webhook", setup);

    public string Integration => _http.Name;

    public bool SendResolved => options.SendResolved;

    public ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation) =>
        _http.AttemptAsync(notification, SendAsync, cancellation);

    private ValueTask<NotifyResult> SendAsync(NotificationRenderer renderer, CancellationToken cancellation)
    {
        var url = renderer.SecretText("url", options.Url.Reveal()).Trim();
        var json = options.Payload is null ? Message(renderer.Data)
            : new JsonText().Value(TemplatedNodeRenderer.Render("payload", options.Payload, renderer, renderer.PlainSubject())).ToString();
        return _http.SendAsync(new OutgoingRequest(url) { Body = json, Timeout = options.Timeout }, cancellation);
    }

    private string Message(NotificationData data)
    {
        var notification = data.Notification;
        var kept = options.MaxAlerts > 0 ? Math.Min(options.MaxAlerts, data.Alerts.Count) : data.Alerts.Count;
        var json = new JsonText().Open('{')
            .Member("receiver", data.Receiver).Member("status", data.Status)
            .Key("alerts").Open('[');
        foreach (var alert in data.Alerts.Take(kept))
        {
            json.Open('{').Member("status", alert.Status);
            Labels(json.Key("labels"), alert.Labels);
            Labels(json.Key("annotations"), alert.Annotations);
            json.Member("startsAt", GoJson.Time(alert.StartsAt)).Member("endsAt", GoJson.Time(alert.EndsAt))
                .Member("generatorURL", alert.GeneratorUrl).Member("fingerprint", alert.Fingerprint).Close('}');
        }
        json.Close(']').Member("notification_reason", notification.Reason);
        Labels(json.Key("groupLabels"), notification.GroupLabels);
        Labels(json.Key("commonLabels"), data.CommonLabels);
        Labels(json.Key("commonAnnotations"), data.CommonAnnotations);
        Labels(json.Key("routeLabels"), notification.RouteLabels);
        return json.Member("externalURL", notification.ExternalUrl).Member("version", "4")
            .Member("groupKey", notification.GroupKey)
            .Key("truncatedAlerts").Value((long)(data.Alerts.Count - kept)).Close('}').ToString();
    }

    private static void Labels(JsonText json, LabelSet labels)
    {
        json.Open('{');
        foreach (var label in labels)
        {
            json.Member(label.Name, label.Value);
        }
        json.Close('}');
    }
}
