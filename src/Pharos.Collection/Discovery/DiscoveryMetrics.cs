using System.Diagnostics.Metrics;

namespace Pharos.Collection.Discovery;

/// <summary>Self-monitoring of discoveries under Prometheus' own names.</summary>
internal sealed class DiscoveryMetrics
{
    private readonly KeyValuePair<string, object?> _consumer;
    private readonly Histogram<double> _refreshDuration;
    private readonly Counter<long> _refreshFailures;
    private readonly Counter<long> _updates;
    private readonly Counter<long> _received;
    private readonly Counter<long> _delayed;
    private readonly Counter<long> _kubernetesEvents;
    private readonly Counter<long> _kubernetesRequests;
    private readonly Histogram<double> _consulDuration;

    /// <param name="consumer">For whom targets are found, as Prometheus names it: <c>scrape</c> or <c>notify</c>.</param>
    public DiscoveryMetrics(Meter meter, string consumer = "scrape")
    {
        _consumer = Tag("name", consumer);
        _refreshDuration = meter.CreateHistogram<double>(
            "prometheus_sd_refresh_duration_seconds", description: "The duration of a refresh for the given SD mechanism.");
        _refreshFailures = meter.CreateCounter<long>(
            "prometheus_sd_refresh_failures_total", description: "Number of refresh failures for the given SD mechanism.");
        _updates = meter.CreateCounter<long>("prometheus_sd_updates_total", description: "Total number of update events sent to the SD consumers.");
        _received = meter.CreateCounter<long>(
            "prometheus_sd_received_updates_total", description: "Total number of update events received from the SD providers.");
        _delayed = meter.CreateCounter<long>(
            "prometheus_sd_updates_delayed_total", description: "Total number of update events that couldn't be sent immediately.");
        _kubernetesEvents = meter.CreateCounter<long>("prometheus_sd_kubernetes_events_total", description: "The number of Kubernetes events handled.");
        _kubernetesRequests = meter.CreateCounter<long>(
            "prometheus_sd_kubernetes_http_request_total", description: "Total number of HTTP requests to the Kubernetes API by status code.");
        KubernetesFailures = meter.CreateCounter<long>("prometheus_sd_kubernetes_failures_total", description: "The number of failed WATCH/LIST requests.");
        _consulDuration = meter.CreateHistogram<double>(
            "prometheus_sd_consul_rpc_duration_seconds", description: "The duration of a Consul RPC call in seconds.");
        ConsulFailures = meter.CreateCounter<long>("prometheus_sd_consul_rpc_failures_total", description: "The number of Consul RPC call failures.");
        HttpFailures = meter.CreateCounter<long>("prometheus_sd_http_failures_total", description: "Number of HTTP service discovery refresh failures.");
        DnsLookups = meter.CreateCounter<long>("prometheus_sd_dns_lookups_total", description: "The number of DNS-SD lookups.");
        DnsLookupFailures = meter.CreateCounter<long>("prometheus_sd_dns_lookup_failures_total", description: "The number of DNS-SD lookup failures.");
        FileReadErrors = meter.CreateCounter<long>("prometheus_sd_file_read_errors_total", description: "The number of File-SD read errors.");
        NomadFailures = meter.CreateCounter<long>("prometheus_sd_nomad_failures_total", description: "Number of nomad service discovery refresh failures.");
        LinodeFailures = meter.CreateCounter<long>("prometheus_sd_linode_failures_total", description: "Number of Linode service discovery refresh failures.");
        Failed = meter.CreateCounter<long>("pharos_sd_failures_total", description: "Number of discoveries that ended by a fault of their own.");
    }

    public Counter<long> KubernetesFailures { get; }

    public Counter<long> ConsulFailures { get; }

    public Counter<long> HttpFailures { get; }

    public Counter<long> DnsLookups { get; }

    public Counter<long> DnsLookupFailures { get; }

    public Counter<long> FileReadErrors { get; }

    public Counter<long> NomadFailures { get; }

    public Counter<long> LinodeFailures { get; }

    /// <summary>Discoveries that ended by a fault of their own.</summary>
    public Counter<long> Failed { get; }

    public void Refreshed(string mechanism, string job, TimeSpan took) =>
        _refreshDuration.Record(took.TotalSeconds, Tag("mechanism", mechanism), Tag("config", job));

    public void RefreshFailed(string mechanism, string job) =>
        _refreshFailures.Add(1, Tag("mechanism", mechanism), Tag("config", job));

    /// <summary>A discovery has handed over its groups.</summary>
    public void Received() => _received.Add(1, _consumer);

    /// <summary>Groups have been put into effect.</summary>
    public void Updated() => _updates.Add(1, _consumer);

    /// <summary>Groups came too soon after the last ones and wait.</summary>
    public void Delayed() => _delayed.Add(1, _consumer);

    public void KubernetesEvent(string role, string kind) => _kubernetesEvents.Add(1, Tag("role", role), Tag("event", kind));

    public void KubernetesRequest(string status) => _kubernetesRequests.Add(1, Tag("status_code", status));

    public void ConsulCall(string endpoint, string call, TimeSpan took) =>
        _consulDuration.Record(took.TotalSeconds, Tag("endpoint", endpoint), Tag("call", call));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
