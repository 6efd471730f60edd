using System.CommandLine;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;

namespace Pharos.Cli.Commands;

/// <summary>The flags of <c>serve</c> for traces, by Jaeger's names where Jaeger has them.</summary>
internal sealed class TraceFlags
{
    private readonly List<Option<string?>> _ports = [];

    public TraceFlags()
    {
        QueryHttp = Port("query.http-server.host-port", "Jaeger's familiar port for queries and pages");
        QueryGrpc = Port("query.grpc-server.host-port", "Jaeger's familiar port for queries by gRPC");
        CollectorHttp = Port("collector.http-server.host-port", "Jaeger's familiar port for Thrift over HTTP");
        CollectorGrpc = Port("collector.grpc-server.host-port", "Jaeger's familiar port for spans by gRPC");
        Zipkin = Port("collector.zipkin.host-port", "Zipkin's familiar port");
        Sampling = Port("http-server.host-port", "Jaeger's familiar port for sampling strategies");
        Admin = Port("admin.http.host-port", "Jaeger's familiar port for health and metrics");
        Compact = Port("processor.jaeger-compact.server-host-port", "Jaeger's familiar UDP port for compact Thrift");
        Binary = Port("processor.jaeger-binary.server-host-port", "Jaeger's familiar UDP port for binary Thrift");
        Tempo = Port("tempo.web.listen-address", "Tempo's familiar port");
    }

    public IEnumerable<Option> All => _ports;

    public Option<string?> QueryHttp { get; }

    public Option<string?> QueryGrpc { get; }

    public Option<string?> CollectorHttp { get; }

    public Option<string?> CollectorGrpc { get; }

    public Option<string?> Zipkin { get; }

    public Option<string?> Sampling { get; }

    public Option<string?> Admin { get; }

    public Option<string?> Compact { get; }

    public Option<string?> Binary { get; }

    public Option<string?> Tempo { get; }

    /// <param name="port">Where a flag's port listens, given the familiar one.</param>
    public TracePorts Ports(Func<Option<string?>, int, ListenAddress?> port) => new()
    {
        JaegerQueryHttp = port(QueryHttp, FamiliarPorts.JaegerQueryHttp),
        JaegerQueryGrpc = port(QueryGrpc, FamiliarPorts.JaegerQueryGrpc),
        JaegerCollectorHttp = port(CollectorHttp, FamiliarPorts.JaegerCollectorHttp),
        JaegerCollectorGrpc = port(CollectorGrpc, FamiliarPorts.JaegerCollectorGrpc),
        JaegerAdmin = port(Admin, FamiliarPorts.JaegerAdmin),
        Sampling = port(Sampling, FamiliarPorts.Sampling),
        Zipkin = port(Zipkin, FamiliarPorts.Zipkin),
        Tempo = port(Tempo, FamiliarPorts.Tempo),
        JaegerCompact = port(Compact, FamiliarPorts.JaegerCompact),
        JaegerBinary = port(Binary, FamiliarPorts.JaegerBinary),
    };

    private Option<string?> Port(string name, string whose)
    {
        var option = new Option<string?>("--" + name) { Description = $"{whose}; empty to leave it closed." };
        _ports.Add(option);
        return option;
    }
}
