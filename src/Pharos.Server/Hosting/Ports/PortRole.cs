namespace Pharos.Server.Hosting.Ports;

/// <summary>Whose familiar port a request came to; some paths mean something else there.</summary>
internal enum PortRole
{
    /// <summary>The one port, where every path is its own.</summary>
    Own,
    Alertmanager,
    Loki,
    Otlp,
    JaegerQuery,
    JaegerCollector,
    JaegerAdmin,
    Sampling,
    Zipkin,
    Tempo,
}
