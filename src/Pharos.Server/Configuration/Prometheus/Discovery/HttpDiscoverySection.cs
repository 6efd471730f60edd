using Pharos.Collection.Discovery.Http;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>http_sd_configs</c>.</summary>
internal static class HttpDiscoverySection
{
    public static HttpDiscoveryOptions Read(DiscoveryEntry entry) =>
        new(entry.Map.Text("url"), entry.Refresh(60), entry.Client());
}
