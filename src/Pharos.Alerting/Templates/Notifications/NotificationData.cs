using System.Text;
using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Templates.Notifications;

/// <summary>What the templates and payloads of one notification show: the <c>.</c> of Alertmanager's templates.</summary>
internal sealed record NotificationData
{
    public required Notification Notification { get; init; }

    /// <summary>The receiver's name with the characters of regular expressions escaped, as Alertmanager hands it out.</summary>
    public required string Receiver { get; init; }

    public required string Status { get; init; }

    public required IReadOnlyList<NotifiedAlert> Alerts { get; init; }

    public required LabelSet CommonLabels { get; init; }

    public required LabelSet CommonAnnotations { get; init; }

    public static NotificationData Of(Notification notification) => new()
    {
        Notification = notification,
        Receiver = QuoteMeta(notification.Receiver),
        Status = notification.IsFiring ? "firing" : "resolved",
        Alerts = [.. notification.Alerts.Select(alert => NotifiedAlert.Of(alert, notification.Now))],
        CommonLabels = Common(notification.Alerts, static alert => alert.Labels),
        CommonAnnotations = Common(notification.Alerts, static alert => alert.Annotations),
    };

    private static LabelSet Common(IReadOnlyList<Alert> alerts, Func<Alert, LabelSet> select)
    {
        if (alerts.Count == 0)
        {
            return LabelSet.Empty;
        }
        var first = select(alerts[0]);
        List<Label>? common = null;
        for (var i = 0; i < first.Count; i++)
        {
            var label = first[i];
            if (alerts.All(alert => select(alert)[label.Name] == label.Value))
            {
                (common ??= []).Add(label);
            }
        }
        return common is null ? LabelSet.Empty : common.Count == first.Count ? first : LabelSet.From([.. common]);
    }

    /// <summary>Go's <c>regexp.QuoteMeta</c>.</summary>
    private static string QuoteMeta(string text)
    {
        var quoted = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal))
            {
                quoted.Append('\\');
            }
            quoted.Append(c);
        }
        return quoted.ToString();
    }
}
