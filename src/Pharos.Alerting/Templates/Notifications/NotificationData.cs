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
        Alerts = Notified(notification),
        CommonLabels = Common(notification.Alerts, static alert => alert.Labels),
        CommonAnnotations = Common(notification.Alerts, static alert => alert.Annotations),
    };

    private static NotifiedAlert[] Notified(Notification notification)
    {
        var alerts = new NotifiedAlert[notification.Alerts.Count];
        for (var i = 0; i < alerts.Length; i++)
        {
            alerts[i] = NotifiedAlert.Of(notification.Alerts[i], notification.Now);
        }
        return alerts;
    }

    private static LabelSet Common(IReadOnlyList<Alert> alerts, Func<Alert, LabelSet> select)
    {
        if (alerts.Count == 0)
        {
            return LabelSet.Empty;
        }
        var first = select(alerts[0]);
        var common = first.Span.ToArray();
        var count = common.Length;
        for (var i = 1; i < alerts.Count && count > 0; i++)
        {
            var labels = select(alerts[i]);
            var kept = 0;
            for (var at = 0; at < count; at++)
            {
                if (labels[common[at].Name] == common[at].Value)
                {
                    common[kept++] = common[at];
                }
            }
            count = kept;
        }
        return count == first.Count ? first : LabelSet.From(common.AsSpan(0, count));
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
