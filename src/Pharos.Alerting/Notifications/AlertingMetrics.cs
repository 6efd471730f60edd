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
    private readonly Histogram<double> _processing;

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
        _latency = meter.CreateHistogram(
            "alertmanager_notification_latency_seconds", description: "The latency of notifications in seconds.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 10, 15, 20] });
        _processing = meter.CreateHistogram<double>(
            "alertmanager_dispatcher_alert_processing_duration_seconds", description: "Time to sort one batch of alerts into their groups.");
        Start();
    }

    public Counter<long> Invalid { get; }

    public Counter<long> Limited { get; }

    public Counter<long> Requests { get; }

    public Counter<long> FailedRequests { get; }

    public void Received(int firing, int resolved)
    {
        _received.Add(firing, Tag("status", "firing"));
        _received.Add(resolved, Tag("status", "resolved"));
    }

    public void Processed(TimeSpan duration) => _processing.Record(duration.TotalSeconds);

    /// <summary>Every series of an integration at zero, so that its first failure is an increase.</summary>
    public void Use(string integration)
    {
        var tag = Tag("integration", integration);
        _notifications.Add(0, tag);
        Requests.Add(0, tag);
        FailedRequests.Add(0, tag);
        foreach (var failure in Enum.GetValues<NotifyFailure>())
        {
            _failures.Add(0, tag, Tag("reason", failure.Label()));
        }
    }

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

    private void Start()
    {
        Received(0, 0);
        Invalid.Add(0);
        Limited.Add(0);
        foreach (var reason in (string[])["silence", "inhibition", "mute_time_interval", "active_time_interval"])
        {
            Suppressed(0, reason);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
