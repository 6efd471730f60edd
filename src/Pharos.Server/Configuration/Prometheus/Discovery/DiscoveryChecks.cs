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
        if (!IsHttp(text))
        {
            value.Error("URL scheme must be 'http' or 'https'");
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            value.Error("host is missing in URL");
        }
    }

    public static void Eureka(YamlMappingReader map)
    {
        if (map.Find("server") is { } value && value.AsText() is { Length: > 0 } text && !IsUrl(text))
        {
            value.Error("eureka_sd: invalid eureka server URL");
        }
    }

    public static void Stackit(YamlMappingReader map)
    {
        if (map.Find("endpoint") is { } value && value.AsText() is { Length: > 0 } text && !IsUrl(text))
        {
            value.Error($"stackit_sd: invalid endpoint {YamlValue.Echo(text)}");
        }
    }

    private static bool IsHttp(string text) =>
        text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool IsUrl(string text) =>
        IsHttp(text) && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0;

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
        var key = token ? "auth_token" : "auth_token_file";
        var has = token || file;
        map.ErrorUnless(!has || !map.Has("basic_auth"), key,
            "marathon_sd: at most one of basic_auth, auth_token & auth_token_file must be configured");
        map.ErrorUnless(!has || !(map.Has("bearer_token") || map.Has("bearer_token_file")), key,
            "marathon_sd: at most one of bearer_token, bearer_token_file, auth_token & auth_token_file must be configured");
        map.ErrorUnless(!has || !map.Has("authorization"), key,
            "marathon_sd: at most one of auth_token, auth_token_file & authorization must be configured");
    }

    public static void OneSecretKey(YamlMappingReader map)
    {
        var inline = map.Has("secret_key");
        var file = map.Has("secret_key_file");
        map.ErrorUnless(inline || file, "secret_key", "one of secret_key & secret_key_file must be configured");
        map.ErrorUnless(!inline || !file, "secret_key_file", "at most one of secret_key & secret_key_file must be configured");
    }
}
