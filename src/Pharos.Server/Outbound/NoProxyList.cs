using System.Net;

namespace Pharos.Server.Outbound;

/// <summary>The hosts that are reached without a proxy, as Go's httpproxy package reads <c>no_proxy</c>: names with all below
/// them, names below a domain (<c>.example.com</c>), addresses, networks, <c>*</c>; each but networks with an optional port.</summary>
/// <remarks>Loopback is always reached directly.</remarks>
internal sealed class NoProxyList
{
    private readonly List<Func<string, IPAddress?, int, bool>> _entries = [];

    public NoProxyList(string list)
    {
        foreach (var entry in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Add(entry.ToLowerInvariant());
        }
    }

    public bool Covers(Uri url)
    {
        var host = url.IdnHost.ToLowerInvariant();
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return host == "localhost" || (address is not null && IPAddress.IsLoopback(address))
            || _entries.Exists(entry => entry(host, address, url.Port));
    }

    private void Add(string entry)
    {
        if (entry == "*")
        {
            _entries.Add(static (_, _, _) => true);
            return;
        }
        if (entry.Contains('/', StringComparison.Ordinal) && IPNetwork.TryParse(entry, out var network))
        {
            _entries.Add((_, address, _) => address is not null && network.Contains(address));
            return;
        }
        var (host, port) = Split(entry);
        if (IPAddress.TryParse(host, out var single))
        {
            _entries.Add((_, address, at) => single.Equals(address) && FitsPort(port, at));
        }
        else if (host.Length > 0)
        {
            var below = host.StartsWith("*.", StringComparison.Ordinal) ? host[1..] : host;
            var alsoItself = below[0] != '.';
            var suffix = alsoItself ? $".{below}" : below;
            _entries.Add((name, _, at) => FitsPort(port, at) &&
                (name.EndsWith(suffix, StringComparison.Ordinal) || (alsoItself && name == below)));
        }
    }

    private static bool FitsPort(int? wanted, int actual) => wanted is null || wanted == actual;

    /// <summary>An address of version 6 needs brackets to have a port.</summary>
    private static (string Host, int? Port) Split(string entry)
    {
        if (IPAddress.TryParse(entry.Trim('[', ']'), out _) && !(entry.StartsWith('[') && !entry.EndsWith(']')))
        {
            return (entry.Trim('[', ']'), null);
        }
        var colon = entry.LastIndexOf(':');
        return colon > 0 && int.TryParse(entry.AsSpan(colon + 1), out var port) ? (entry[..colon].Trim('[', ']'), port) : (entry, null);
    }
}
