using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates.Notifications;
using Pharos.Query.Templates.Values;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Webhook;

/// <summary>The message that Alertmanager's webhook promises.</summary>
internal static class WebhookMessage
{
    /// <summary>The notification with its first alerts alone: what the message calls common is common to these.</summary>
    /// <param name="maxAlerts">0: all.</param>
    public static Notification Keep(Notification notification, int maxAlerts) =>
        CountCut(notification, maxAlerts) == 0 ? notification : notification with { Alerts = [.. notification.Alerts.Take(maxAlerts)] };

    public static int CountCut(Notification notification, int maxAlerts) =>
        maxAlerts == 0 ? 0 : Math.Max(0, notification.Alerts.Count - maxAlerts);

    public static string Write(NotificationData data, string version, int cutAlerts)
    {
        var notification = data.Notification;
        var json = new JsonText().Open('{')
            .Member("receiver", data.Receiver).Member("status", data.Status)
            .Key("alerts").Open('[');
        foreach (var alert in data.Alerts)
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
        return json.Member("externalURL", notification.ExternalUrl).Member("version", version)
            .Member("groupKey", notification.GroupKey)
            .Key("truncatedAlerts").Value((long)cutAlerts).Close('}').Finish();
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
