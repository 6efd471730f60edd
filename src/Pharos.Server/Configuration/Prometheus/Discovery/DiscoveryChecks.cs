using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus.Discovery;

/// <summary>What single discovery mechanisms ask of their keys beyond being there.</summary>
internal static class DiscoveryChecks
{
    /// <summary>An http or https URL with a host.</summary>
    public static void Url(YamlMappingReader map, string key)
    {
        if (map.Find(key) is not { } value || value.AsText() is not { Length: > 0 } text)
        {
            return;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            value.Error("must be a URL with scheme http or https and a host");
        }
    }

    public static void Azure(YamlMappingReader map)
    {
        if (map.Text("authentication_method", "OAuth") != "OAuth")
        {
            return;
        }
        foreach (var key in (ReadOnlySpan<string>)["tenant_id", "client_id", "client_secret"])
        {
            map.ErrorUnless(map.Has(key), key, $"azure SD configuration requires a {key}");
        }
    }

    public static void Dns(YamlMappingReader map)
    {
        var type = map.Text("type", "SRV");
        if (!string.Equals(type, "SRV", StringComparison.OrdinalIgnoreCase))
        {
            map.ErrorUnless(map.Has("port"), "type", "a port is required in DNS-SD configs for all record types except SRV");
        }
    }

    public static void Ec2Filters(YamlMappingReader map)
    {
        foreach (var item in map.List("filters"))
        {
            if (item.AsMapping() is { } filter)
            {
                filter.Text("name");
                if (filter.Texts("values").Count == 0)
                {
                    filter.ErrorAt("values", "EC2 SD configuration filter values cannot be empty");
                }
                filter.Done();
            }
        }
    }

    public static void Marathon(YamlMappingReader map)
    {
        var token = map.Has("auth_token");
        var file = map.Has("auth_token_file");
        map.ErrorUnless(!token || !file, "auth_token_file",
            "marathon_sd: at most one of auth_token & auth_token_file must be configured");
        if (map.List("servers").Count == 0)
        {
            map.ErrorAt("servers", "marathon_sd: must contain at least one Marathon server");
        }
        var others = map.Has("basic_auth") || map.Has("bearer_token") || map.Has("bearer_token_file") || map.Has("authorization");
        map.ErrorUnless(!(token || file) || !others, "auth_token",
            "marathon_sd: at most one of basic_auth, auth_token, auth_token_file, bearer_token, bearer_token_file " +
            "& authorization must be configured");
    }

    public static void OneSecretKey(YamlMappingReader map)
    {
        var inline = map.Has("secret_key");
        var file = map.Has("secret_key_file");
        map.ErrorUnless(inline || file, "secret_key", "one of secret_key & secret_key_file must be configured");
        map.ErrorUnless(!inline || !file, "secret_key_file", "at most one of secret_key & secret_key_file must be configured");
    }
}
