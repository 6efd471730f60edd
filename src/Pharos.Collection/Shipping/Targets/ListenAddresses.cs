using System.Net;

namespace Pharos.Collection.Shipping.Targets;

/// <summary>Where a source listens.</summary>
internal static class ListenAddresses
{
    /// <summary>An empty host is every address of this machine.</summary>
    public static async Task<IPEndPoint> FindAsync(string host, int port, CancellationToken cancellation)
    {
        if (host.Length == 0)
        {
            return new IPEndPoint(IPAddress.Any, port);
        }
        if (IPAddress.TryParse(host, out var address))
        {
            return new IPEndPoint(address, port);
        }
        var found = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        var first = Array.Find(found, static one => one.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) ?? found[0];
        return new IPEndPoint(first, port);
    }
}
