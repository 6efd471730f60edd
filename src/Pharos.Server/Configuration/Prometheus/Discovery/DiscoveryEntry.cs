using Pharos.Collection.Discovery;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>One entry below a <c>*_sd_configs</c> key, its keys checked against the schema, for the reader of its options.</summary>
/// <param name="Http">The keys of <c>http_config</c> in it, or the defaults where it may hold none.</param>
internal sealed record DiscoveryEntry(YamlMappingReader Map, HttpClientConfig Http, ConfigEnvironment Environment)
{
    /// <summary>What a discovery gets to reach an API with these keys.</summary>
    public DiscoveryHttp Client() => Client(Http);

    public static DiscoveryHttp Client(HttpClientConfig http) =>
        new(() => OutboundHttpClient.Create(http, maxConnections: int.MaxValue), http.Fingerprint());

    public TimeSpan Refresh(int defaultSeconds)
    {
        var given = Map.Duration("refresh_interval");
        return given > TimeSpan.Zero ? given : TimeSpan.FromSeconds(defaultSeconds);
    }

    public int Port(int otherwise) => Map.Count("port", otherwise);
}
