namespace Pharos.Server.Hosting.Ports;

/// <summary>The ports that the peers' own documentation names.</summary>
public static class FamiliarPorts
{
    public const int Alertmanager = 9093;
    public const int Loki = 3100;
    public const int Tempo = 3200;
    public const int OtlpGrpc = 4317;
    public const int OtlpHttp = 4318;
    public const int Sampling = 5778;
    public const int JaegerCompact = 6831;
    public const int JaegerBinary = 6832;
    public const int Zipkin = 9411;
    public const int JaegerCollectorGrpc = 14250;
    public const int JaegerCollectorHttp = 14268;
    public const int JaegerAdmin = 14269;
    public const int JaegerQueryGrpc = 16685;
    public const int JaegerQueryHttp = 16686;
}
