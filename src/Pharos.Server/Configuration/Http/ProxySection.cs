using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Http;

/// <summary>Reads the proxy keys that stand among those of <c>http_config</c> and of <c>oauth2</c>.</summary>
internal static class ProxySection
{
    public static ProxyConfig ReadKeys(YamlMappingReader map)
    {
        // A proxy's URL may carry a password, so it is never repeated.
        var url = map.Find("proxy_url", secret: true);
        var noProxy = map.Text("no_proxy");
        var fromEnvironment = map.Flag("proxy_from_environment");
        var connectHeaders = new List<KeyValuePair<string, Secret>>();
        foreach (var (name, values) in map.Entries("proxy_connect_header", secret: true))
        {
            connectHeaders.AddRange(values.AsList().Select(value => value.AsText()).OfType<string>()
                .Select(text => new KeyValuePair<string, Secret>(name, Secret.Inline(text))));
        }
        if (connectHeaders.Count > 0)
        {
            map.ErrorUnless(url is not null || fromEnvironment, "proxy_connect_header",
                "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        }
        map.ErrorUnless(!fromEnvironment || url is null, "proxy_from_environment",
            "if proxy_from_environment is configured, proxy_url must not be configured");
        map.ErrorUnless(!fromEnvironment || noProxy.Length == 0, "proxy_from_environment",
            "if proxy_from_environment is configured, no_proxy must not be configured");
        map.ErrorUnless(noProxy.Length == 0 || url is not null || fromEnvironment, "no_proxy",
            "if no_proxy is configured, proxy_url must also be configured");
        return new ProxyConfig(url is null ? null : ReadUrl(url), noProxy, fromEnvironment, connectHeaders);
    }

    private static Uri? ReadUrl(YamlValue value)
    {
        if (value.AsText() is not { Length: > 0 } text)
        {
            return null;
        }
        if (UrlText.Fault(text) is { } fault)
        {
            value.Error(fault);
            return null;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "socks5")
        {
            return url;
        }
        // Go's url.Parse accepts a bare word, and the peers then fail at every request.
        value.Warning("the proxy_url has no scheme that can be used (http, https, socks5); requests will not use a proxy");
        return null;
    }
}
