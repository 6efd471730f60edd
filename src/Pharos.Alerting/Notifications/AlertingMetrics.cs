using System.Diagnostics.Metrics;

namespace Pharos.Alerting.Notifications;

/// <summary>Alertmanager's own metrics, under its names.</summary>
internal sealed class AlertingMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _notifications;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _suppressed;
    private readonly Counter<long> _templateProblems;
    private readonly Histogram<double> _latency;

    public AlertingMetrics(Meter meter)
    {
        _received = meter.CreateCounter<long>("alertmanager_alerts_received_total", description: "The total number of received alerts.");
        Invalid = meter.CreateCounter<long>("alertmanager_alerts_invalid_total", description: "The total number of received alerts that were invalid.");
        Limited = meter.CreateCounter<long>(
            "alertmanager_alerts_limited_total", description: "The total number of received alerts that were refused because there were too many.");
        _notifications = meter.CreateCounter<long>("alertmanager_notifications_total", description: "The total number of attempted notifications.");
        _failures = meter.CreateCounter<long>("alertmanager_notifications_failed_total", description: "The total number of failed notifications.");
        Requests = meter.CreateCounter<long>(
            "alertmanager_notification_requests_total", description: "The total number of attempted notification requests.");
        FailedRequests = meter.CreateCounter<long>(
            "alertmanager_notification_requests_failed_total", description: "The total number of failed notification requests.");
        _suppressed = meter.CreateCounter<long>(
            "alertmanager_notifications_suppressed_total",
            description: "The total number of notifications suppressed for being silenced, inhibited, outside of active time intervals "
                + "or within muted time intervals.");
        _templateProblems = meter.CreateCounter<long>(
            "pharos_notification_template_failures_total",
            description: "The total number of notifications that went out with plain text in place of a template that failed.");
        _latency = meter.CreateHistogram<double>("alertmanager_notification_latency_seconds", description: "The latency of notifications in seconds.");
    }

    public Counter<long> Invalid { get; }

    public Counter<long> Limited { get; }

    public Counter<long> Requests { get; }

    public Counter<long> FailedRequests { get; }

    public void Received(bool firing) => _received.Add(1, new KeyValuePair<string, object?>("status", firing ? "firing" : "resolved"));

    public void Notified(string integration, double seconds)
    {
        var tag = new KeyValuePair<string, object?>("integration", integration);
        _notifications.Add(1, tag);
        _latency.Record(seconds, tag);
    }

    public void Failed(string integration, string reason) => _failures.Add(1,
        new KeyValuePair<string, object?>("integration", integration), new KeyValuePair<string, object?>("reason", reason));

    public void TemplateFailed(string integration) =>
        _templateProblems.Add(1, new KeyValuePair<string, object?>("integration", integration));

    public void Suppressed(int alerts, string reason) =>
        _suppressed.Add(alerts, new KeyValuePair<string, object?>("reason", reason));
}
