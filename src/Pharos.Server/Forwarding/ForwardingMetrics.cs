using System.Diagnostics.Metrics;

namespace Pharos.Server.Forwarding;

/// <summary>Prometheus' metrics of alerts that are sent on, under its names; each Alertmanager's own by its address.</summary>
internal sealed class ForwardingMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _latency;
    private readonly Histogram<double> _latencyHistogram;

    /// <param name="sets">Asked when the gauges are read.</param>
    /// <param name="discovered">The Alertmanagers that alerts reach, this server's own one included.</param>
    public ForwardingMetrics(Meter meter, ForwardingLimits limits, Func<IReadOnlyList<AlertmanagerSet>> sets, Func<int> discovered)
    {
        _sent = meter.CreateCounter<long>("prometheus_notifications_sent_total", description: "Total number of alerts sent.");
        _errors = meter.CreateCounter<long>(
            "prometheus_notifications_errors_total", description: "Total number of sent alerts affected by errors.");
        _dropped = meter.CreateCounter<long>(
            "prometheus_notifications_dropped_total", description: "Total number of alerts dropped due to errors when sending to Alertmanager.");
        _latency = meter.CreateHistogram<double>(
            "prometheus_notifications_latency_seconds", description: "Latency quantiles for sending alert notifications.");
        _latencyHistogram = meter.CreateHistogram(
            "prometheus_notifications_latency_histogram_seconds", description: "Latency histogram for sending alert notifications.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.01, .1, 1, 10] });
        meter.CreateObservableGauge(
            "prometheus_notifications_queue_length",
            () => sets().SelectMany(set => set.Queues).Select(queue => new Measurement<long>(queue.Length, Tag(queue.Url))),
            description: "The number of alert notifications in the queue.");
        meter.CreateObservableGauge(
            "prometheus_notifications_queue_capacity", () => limits.QueueCapacity, description: "The capacity of the alert notifications queue.");
        meter.CreateObservableGauge(
            "prometheus_notifications_alertmanagers_discovered", discovered, description: "The number of alertmanagers discovered and active.");
        meter.CreateObservableGauge(
            "prometheus_sd_discovered_targets",
            () => sets().Select((set, index) => new Measurement<long>(
                set.Addresses.Active.Count + set.Addresses.Dropped.Count,
                new KeyValuePair<string, object?>("config", FormattableString.Invariant($"config-{index}")),
                new KeyValuePair<string, object?>("name", "notify"))),
            description: "Current number of discovered targets.");
    }

    /// <summary>Shows an Alertmanager's counters before there is anything to count.</summary>
    public void Begin(string url)
    {
        _sent.Add(0, Tag(url));
        _errors.Add(0, Tag(url));
        _dropped.Add(0, Tag(url));
    }

    public void Sent(string url, int alerts, TimeSpan took)
    {
        _sent.Add(alerts, Tag(url));
        _latency.Record(took.TotalSeconds, Tag(url));
        _latencyHistogram.Record(took.TotalSeconds, Tag(url));
    }

    public void Failed(string url, int alerts)
    {
        _errors.Add(alerts, Tag(url));
        _dropped.Add(alerts, Tag(url));
    }

    public void Dropped(string url, int alerts) => _dropped.Add(alerts, Tag(url));

    private static KeyValuePair<string, object?> Tag(string url) => new("alertmanager", url);
}
