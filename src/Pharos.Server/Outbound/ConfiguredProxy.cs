using System.Net;

namespace Pharos.Server.Outbound;

/// <summary>The proxy of requests by their scheme, but for hosts that are reached directly.</summary>
/// <param name="http">Null: requests in the clear use none.</param>
/// <param name="https">Null: requests over TLS use none.</param>
/// <param name="direct">Null: every host is reached through the proxy, this machine's own names included.</param>
internal sealed class ConfiguredProxy(Uri? http, Uri? https, NoProxyList? direct) : IWebProxy, ICredentials
{
    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException("credentials stand in the proxy's URL");
    }

    /// <summary>Null where nothing is configured.</summary>
    public static ConfiguredProxy? Of(ProxyConfig config, Func<string, string?> variable)
    {
        if (config.Url is { } url)
        {
            // Without a list of exceptions Go asks nothing about the host.
            return new ConfiguredProxy(url, url, config.NoProxy.Length == 0 ? null : new NoProxyList(config.NoProxy));
        }
        return config.FromEnvironment ? new ConfiguredProxy(
            Parse(variable, "HTTP_PROXY"), Parse(variable, "HTTPS_PROXY"), new NoProxyList(Either(variable, "NO_PROXY"))) : null;
    }

    public Uri GetProxy(Uri destination) => Of(destination) ?? destination;

    public bool IsBypassed(Uri host) => Of(host) is null || direct?.Covers(host) == true;

    /// <summary>The user and password in the URL of the proxy that asks for them.</summary>
    public NetworkCredential? GetCredential(Uri uri, string authType)
    {
        var user = new[] { http, https }.FirstOrDefault(proxy => proxy is not null && proxy.Authority == uri.Authority)?.UserInfo ?? "";
        if (user.Length == 0)
        {
            return null;
        }
        var parts = user.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private Uri? Of(Uri destination) => destination.Scheme is "https" or "wss" ? https : http;

    /// <summary>A host without a scheme is meant as one in the clear.</summary>
    private static Uri? Parse(Func<string, string?> variable, string name)
    {
        var text = Either(variable, name);
        if (text.Length == 0)
        {
            return null;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "socks5" ? url
            : Uri.TryCreate($"http://{text}", UriKind.Absolute, out var bare) ? bare : null;
    }

    private static string Either(Func<string, string?> variable, string name) =>
        variable(name) is { Length: > 0 } upper ? upper : variable(name.ToLowerInvariant()) ?? "";
}
