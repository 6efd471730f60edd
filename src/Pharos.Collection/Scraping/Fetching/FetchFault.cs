using System.Net;
using System.Net.Sockets;

namespace Pharos.Collection.Scraping.Fetching;

/// <summary>Words a failed fetch as Prometheus does, for that is what its users know and search for.</summary>
internal static class FetchFault
{
    /// <summary>The scrape's own timeout.</summary>
    public const string DeadlineExceeded = "context deadline exceeded";

    /// <summary>Before a response's headers: Go names the request.</summary>
    public static string BeforeHeaders(ScrapeTarget target, string reason) => $"Get \"{target.ShownUrl}\": {reason}";

    /// <summary>Where the framework's own words are as good, they stay.</summary>
    public static string Reason(ScrapeTarget target, Exception fault, bool inBody)
    {
        var socket = fault as SocketException ?? fault.InnerException as SocketException ?? fault.InnerException?.InnerException as SocketException;
        if (socket is not null)
        {
            return OfSocket(target, socket);
        }
        var ended = fault as HttpIOException ?? fault.InnerException as HttpIOException;
        return ended?.HttpRequestError == HttpRequestError.ResponseEnded ? inBody ? "unexpected EOF" : "EOF"
            : fault is InvalidDataException ? "flate: corrupt input"
            : fault.Message;
    }

    private static string OfSocket(ScrapeTarget target, SocketException fault)
    {
        var dial = target.UnixSocket.Length > 0 ? $"dial unix {target.UnixSocket}" : $"dial tcp {Address(target.Url)}";
        return fault.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"{dial}: connect: connection refused",
            SocketError.HostUnreachable => $"{dial}: connect: no route to host",
            SocketError.NetworkUnreachable => $"{dial}: connect: network is unreachable",
            SocketError.TimedOut => $"{dial}: connect: connection timed out",
            SocketError.HostNotFound or SocketError.NoData => $"dial tcp: lookup {target.Url.IdnHost}: no such host",
            SocketError.TryAgain => $"dial tcp: lookup {target.Url.IdnHost}: server misbehaving",
            SocketError.ConnectionReset => "read: connection reset by peer",
            SocketError.AddressNotAvailable when target.UnixSocket.Length > 0 => $"{dial}: connect: no such file or directory",
            _ => fault.Message,
        };
    }

    private static string Address(Uri url) => IPAddress.TryParse(url.Host, out var address)
        ? new IPEndPoint(address, url.Port).ToString() : $"{url.IdnHost}:{url.Port}";
}
