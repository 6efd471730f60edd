namespace Pharos.Server.Hosting.Ports;

/// <summary>Where clients of Jaeger, Zipkin and Tempo find their familiar ports in addition; null for a port that stays closed.</summary>
public sealed record TracePorts
{
    public ListenAddress? JaegerQueryHttp { get; init; }

    public ListenAddress? JaegerQueryGrpc { get; init; }

    /// <summary>Thrift over HTTP.</summary>
    public ListenAddress? JaegerCollectorHttp { get; init; }

    public ListenAddress? JaegerCollectorGrpc { get; init; }

    /// <summary>Health and metrics, for probes.</summary>
    public ListenAddress? JaegerAdmin { get; init; }

    /// <summary>Sampling strategies over HTTP.</summary>
    public ListenAddress? Sampling { get; init; }

    public ListenAddress? Zipkin { get; init; }

    public ListenAddress? Tempo { get; init; }

    /// <summary>UDP: Thrift's compact protocol.</summary>
    public ListenAddress? JaegerCompact { get; init; }

    /// <summary>UDP: Thrift's binary protocol.</summary>
    public ListenAddress? JaegerBinary { get; init; }

    /// <summary>Every port that the peers document.</summary>
    /// <param name="flag">What opened them.</param>
    public static TracePorts Familiar(string host, string flag) => new()
    {
        JaegerQueryHttp = new ListenAddress(host, FamiliarPorts.JaegerQueryHttp, flag),
        JaegerQueryGrpc = new ListenAddress(host, FamiliarPorts.JaegerQueryGrpc, flag),
        JaegerCollectorHttp = new ListenAddress(host, FamiliarPorts.JaegerCollectorHttp, flag),
        JaegerCollectorGrpc = new ListenAddress(host, FamiliarPorts.JaegerCollectorGrpc, flag),
        JaegerAdmin = new ListenAddress(host, FamiliarPorts.JaegerAdmin, flag),
        Sampling = new ListenAddress(host, FamiliarPorts.Sampling, flag),
        Zipkin = new ListenAddress(host, FamiliarPorts.Zipkin, flag),
        Tempo = new ListenAddress(host, FamiliarPorts.Tempo, flag),
        JaegerCompact = new ListenAddress(host, FamiliarPorts.JaegerCompact, flag),
        JaegerBinary = new ListenAddress(host, FamiliarPorts.JaegerBinary, flag),
    };

    /// <summary>Those that speak HTTP.</summary>
    internal IEnumerable<ListenAddress> OverHttp()
    {
        (ListenAddress? Address, PortRole Role)[] ports =
        [
            (JaegerQueryHttp, PortRole.JaegerQuery), (JaegerQueryGrpc, PortRole.JaegerQuery), (JaegerCollectorHttp, PortRole.JaegerCollector),
            (JaegerCollectorGrpc, PortRole.JaegerCollector), (JaegerAdmin, PortRole.JaegerAdmin), (Sampling, PortRole.Sampling),
            (Zipkin, PortRole.Zipkin), (Tempo, PortRole.Tempo),
        ];
        return ports.Where(static port => port.Address is not null).Select(static port => port.Address! with { Role = port.Role });
    }
}
