using System.Net;

namespace Pharos.Server.Outbound;

/// <summary>One proxy for all requests but those to the hosts of a <c>no_proxy</c> list: names, domains with or without a
/// leading dot, addresses, networks, <c>*</c>; each with an optional port.</summary>
internal sealed class ConfiguredProxy : IWebProxy
{
    private readonly Uri _proxy;
    private readonly string[] _exceptions;

    public ConfiguredProxy(Uri proxy, string noProxy)
    {
        _proxy = proxy;
        _exceptions = noProxy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var user = Uri.UnescapeDataString(proxy.UserInfo);
        if (user.Length > 0)
        {
            var colon = user.IndexOf(':', StringComparison.Ordinal);
            Credentials = colon < 0 ? new NetworkCredential(user, "") : new NetworkCredential(user[..colon], user[(colon + 1)..]);
        }
    }

    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => _proxy;

    public bool IsBypassed(Uri host) => Array.Exists(_exceptions, exception => Covers(exception, host));

    private static bool Covers(string exception, Uri host)
    {
        if (exception == "*")
        {
            return true;
        }
        if (IPNetwork.TryParse(exception, out var network))
        {
            return IPAddress.TryParse(host.IdnHost, out var address) && network.Contains(address);
        }
        var colon = exception.LastIndexOf(':');
        if (colon > 0 && int.TryParse(exception.AsSpan(colon + 1), out var port))
        {
            if (port != host.Port)
            {
                return false;
            }
            exception = exception[..colon];
        }
        var name = exception.TrimStart('*').TrimStart('.');
        return string.Equals(host.IdnHost, name, StringComparison.OrdinalIgnoreCase) ||
            host.IdnHost.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase);
    }
}
