using System.Diagnostics.Metrics;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Counts datagrams under the names of Jaeger's agent.</summary>
internal sealed class UdpSpanMetrics(Meter meter, string protocol)
{
    private readonly KeyValuePair<string, object?> _protocol = new("protocol", protocol);

    private readonly Counter<long> _processed = meter.CreateCounter<long>(
        "jaeger_agent_thrift_udp_server_packets_processed_total", null, "Datagrams whose spans are stored, by protocol.");

    private readonly Counter<long> _dropped = meter.CreateCounter<long>(
        "jaeger_agent_thrift_udp_server_packets_dropped_total", null, "Datagrams that are not stored, by protocol and reason.");

    private readonly Counter<long> _errors = meter.CreateCounter<long>(
        "jaeger_agent_thrift_udp_server_read_errors_total", null, "Failures to read from the socket, by protocol.");

    public void Processed(int packets) => _processed.Add(packets, _protocol);

    public void Dropped(string reason, int packets = 1) => _dropped.Add(packets, _protocol, new KeyValuePair<string, object?>("reason", reason));

    public void ReadError() => _errors.Add(1, _protocol);
}
