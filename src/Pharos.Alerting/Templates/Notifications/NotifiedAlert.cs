using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Templates.Notifications;

/// <summary>One alert as templates and payloads show it.</summary>
/// <param name="EndsAt">The zero time while the alert fires: nobody knows its end.</param>
internal sealed record NotifiedAlert(
    string Status, LabelSet Labels, LabelSet Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    string GeneratorUrl, string Fingerprint)
{
    public static NotifiedAlert Of(Alert alert, DateTimeOffset now)
    {
        var resolved = alert.IsResolvedAt(now);
        return new NotifiedAlert(
            resolved ? "resolved" : "firing", alert.Labels, alert.Annotations, alert.StartsAt,
            resolved ? alert.EndsAt : DateTimeOffset.MinValue, alert.GeneratorUrl,
            Pharos.Alerting.Alerts.Fingerprint.Text(alert.Fingerprint));
    }
}
