using System.Diagnostics.Metrics;

namespace Pharos.Collection.Discovery;

/// <summary>Self-monitoring of discoveries under Prometheus' own names.</summary>
internal sealed class DiscoveryMetrics
{
    private readonly Histogram<double> _refreshDuration;
    private readonly Counter<long> _refreshFailures;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _received;
    private readonly Counter<long> _delayed;
    private readonly Counter<long> _kubernetesEvents;
    private readonly Counter<long> _kubernetesRequests;
    private readonly Histogram<double> _consulDuration;

    public DiscoveryMetrics(Meter meter)
    {
        _refreshDuration = meter.CreateHistogram<double>("prometheus_sd_refresh_duration_seconds");
        _refreshFailures = meter.CreateCounter<long>("prometheus_sd_refresh_failures_total");
        _updates = meter.CreateCounter<long>("prometheus_sd_updates_total");
        _received = meter.CreateCounter<long>("prometheus_sd_received_updates_total");
        _delayed = meter.CreateCounter<long>("prometheus_sd_updates_delayed_total");
        _kubernetesEvents = meter.CreateCounter<long>("prometheus_sd_kubernetes_events_total");
        _kubernetesRequests = meter.CreateCounter<long>("prometheus_sd_kubernetes_http_request_total");
        KubernetesFailures = meter.CreateCounter<long>("prometheus_sd_kubernetes_failures_total");
        _consulDuration = meter.CreateHistogram<double>("prometheus_sd_consul_rpc_duration_seconds");
        ConsulFailures = meter.CreateCounter<long>("prometheus_sd_consul_rpc_failures_total");
        HttpFailures = meter.CreateCounter<long>("prometheus_sd_http_failures_total");
        DnsLookups = meter.CreateCounter<long>("prometheus_sd_dns_lookups_total");
        DnsLookupFailures = meter.CreateCounter<long>("prometheus_sd_dns_lookup_failures_total");
        FileReadErrors = meter.CreateCounter<long>("prometheus_sd_file_read_errors_total");
        Failed = meter.CreateCounter<long>("pharos_sd_failures_total");
    }

    public Counter<long> KubernetesFailures { get; }

    public Counter<long> ConsulFailures { get; }

    public Counter<long> HttpFailures { get; }

    public Counter<long> DnsLookups { get; }

    public Counter<long> DnsLookupFailures { get; }

    public Counter<long> FileReadErrors { get; }

    /// <summary>Discoveries that ended by a fault of their own.</summary>
    public Counter<long> Failed { get; }

    public void Refreshed(string mechanism, string job, TimeSpan took) =>
        _refreshDuration.Record(took.TotalSeconds, Tag("mechanism", mechanism), Tag("config", job));

    public void RefreshFailed(string mechanism, string job) =>
        _refreshFailures.Add(1, Tag("mechanism", mechanism), Tag("config", job));

    /// <summary>A discovery has handed over its groups.</summary>
    public void Received() => _received.Add(1, Tag("name", "scrape"));

    /// <summary>Groups have been put into effect.</summary>
    public void Updated() => _updates.Add(1, Tag("name", "scrape"));

    /// <summary>Groups came too soon after the last ones and wait.</summary>
    public void Delayed() => _delayed.Add(1, Tag("name", "scrape"));

    public void KubernetesEvent(string role, string kind) => _kubernetesEvents.Add(1, Tag("role", role), Tag("event", kind));

    public void KubernetesRequest(string status) => _kubernetesRequests.Add(1, Tag("status_code", status));

    public void ConsulCall(string endpoint, string call, TimeSpan took) =>
        _consulDuration.Record(took.TotalSeconds, Tag("endpoint", endpoint), Tag("call", call));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
