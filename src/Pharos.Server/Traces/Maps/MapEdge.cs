namespace Pharos.Server.Traces.Maps;

/// <summary>Requests of one protocol from one node to another.</summary>
internal sealed class MapEdge(MapNode source, MapNode target, string protocol)
{
    public MapNode Source { get; } = source;

    public MapNode Target { get; } = target;

    /// <summary><c>http</c>, <c>grpc</c> or <c>tcp</c>.</summary>
    public string Protocol { get; } = protocol;

    /// <summary>Per second, by Kiali's names; that of the protocol is the whole.</summary>
    public SortedDictionary<string, double> Rates { get; } = new(StringComparer.Ordinal);

    /// <summary>Per second, by response code: by flags, and by host.</summary>
    public SortedDictionary<string, MapResponses> Responses { get; } = new(StringComparer.Ordinal);

    public double Total => Rates.GetValueOrDefault(Protocol);

    public double Errors => Rates.Where(static rate => IsError(rate.Key)).Sum(static rate => rate.Value);

    /// <summary>Milliseconds: mean, and quantiles by their number; empty where nothing tells.</summary>
    public SortedDictionary<string, double> Latencies { get; } = new(StringComparer.Ordinal);

    /// <summary>What told of it: <c>traces</c> or <c>istio</c>.</summary>
    public string Origin { get; init; } = "istio";

    private static bool IsError(string rate) => rate is "http4xx" or "http5xx" or "httpNoResponse" or "grpcErr" or "grpcNoResponse";
}
