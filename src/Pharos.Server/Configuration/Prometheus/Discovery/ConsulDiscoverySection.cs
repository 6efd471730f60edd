using Pharos.Collection.Discovery.Consul;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>Reads one entry of <c>consul_sd_configs</c>.</summary>
internal static class ConsulDiscoverySection
{
    public static ConsulDiscoveryOptions Read(DiscoveryEntry entry)
    {
        var map = entry.Map;
        var server = map.Text("server", "localhost:8500").TrimEnd('/');
        var address = server.Contains("://", StringComparison.Ordinal) ? server : $"{map.Text("scheme", "http")}://{server}";
        var prefix = map.Text("path_prefix").Trim('/');
        return new ConsulDiscoveryOptions
        {
            Address = prefix.Length == 0 ? address : $"{address}/{prefix}",
            Http = DiscoveryEntry.Client(ReadCredentials(entry)),
            Datacenter = map.Text("datacenter"),
            Namespace = map.Text("namespace"),
            Partition = map.Text("partition"),
            TagSeparator = map.Text("tag_separator", ","),
            AllowStale = map.Flag("allow_stale", true),
            RefreshInterval = entry.Refresh(30),
            Services = map.Texts("services"),
            Tags = map.Texts("tags"),
            NodeMeta = [.. map.Entries("node_meta").Select(pair => KeyValuePair.Create(pair.Key, pair.Value.AsText() ?? ""))],
            Filter = map.Text("filter"),
            HealthFilter = map.Text("health_filter"),
        };
    }

    /// <summary>The section's own user, password and token, beside those of <c>http_config</c>.</summary>
    private static HttpClientConfig ReadCredentials(DiscoveryEntry entry)
    {
        var (map, http) = (entry.Map, entry.Http);
        var user = map.Text("username");
        var password = map.InlineSecret("password");
        if (user.Length > 0 || password is not null)
        {
            map.ErrorUnless(http.BasicAuth is null, "username",
                "at most one of consul SD configuration username and password and basic auth can be configured");
            http = http with { BasicAuth = new BasicAuthConfig(Secret.Inline(user), password) };
        }
        if (map.InlineSecret("token") is { } token)
        {
            map.ErrorUnless(http.Authorization is null && http.OAuth2 is null, "token",
                "at most one of consul SD token, authorization, or oauth2 can be configured");
            http = http with { Headers = [.. http.Headers, KeyValuePair.Create("X-Consul-Token", token)] };
        }
        return http;
    }
}
