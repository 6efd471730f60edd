using System.Globalization;
using System.Net;
using Pharos.Server.Hosting.Ports;

namespace Pharos.Server.Hosting;

/// <summary>Where a server listens: <c>host:port</c>, as in <c>127.0.0.1:9090</c>, <c>[::1]:9090</c> or <c>:9090</c>.</summary>
/// <param name="Host">Empty for every interface.</param>
/// <param name="Port">0 for any free port.</param>
/// <param name="Flag">The flag that sets it, to be named when the port is taken.</param>
public sealed record ListenAddress(string Host, int Port, string Flag = "web.listen-address")
{
    public static readonly ListenAddress Default = new("127.0.0.1", 9090);

    /// <summary>What paths mean there.</summary>
    internal PortRole Role { get; init; }

    /// <summary>The interface to bind; null for every one.</summary>
    /// <exception cref="FormatException">The host is neither an address nor <c>localhost</c> nor resolvable.</exception>
    internal IPAddress? Interface()
    {
        if (Host.Length == 0)
        {
            return null;
        }
        if (IPAddress.TryParse(Host, out var address))
        {
            return address;
        }
        if (Host == "localhost")
        {
            return IPAddress.Loopback;
        }
        try
        {
            return Dns.GetHostAddresses(Host).FirstOrDefault()
                ?? throw new FormatException($"--{Flag}: the host {Host} has no address");
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new FormatException($"--{Flag}: the host {Host} cannot be resolved: {e.Message}", e);
        }
    }

    public static bool TryParse(string text, string flag, out ListenAddress address)
    {
        address = Default;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }
        var host = text[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':'))
        {
            return false;
        }
        address = new ListenAddress(host, port, flag);
        return true;
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
