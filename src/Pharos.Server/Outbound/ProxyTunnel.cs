using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>Opens connections through a proxy with CONNECT and headers of the user's: what the runtime's handler cannot do by
/// itself. Only requests over TLS go through it; others are sent to the proxy as they are.</summary>
internal sealed class ProxyTunnel(ConfiguredProxy proxy, IReadOnlyList<KeyValuePair<string, Secret>> headers) : IWebProxy
{
    /// <summary>The longest head of a proxy's answer.</summary>
    private const int MaxHead = 64 * 1024;

    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => throw new NotSupportedException("credentials stand in the proxy's URL");
    }

    public Uri GetProxy(Uri destination) => proxy.GetProxy(destination);

    /// <summary>The handler is told that requests over TLS go directly, and is given the tunnel as their connection.</summary>
    public bool IsBypassed(Uri host) => host.Scheme == Uri.UriSchemeHttps || proxy.IsBypassed(host);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var url = context.InitialRequestMessage.RequestUri!;
        var tunnels = url.Scheme == Uri.UriSchemeHttps && !proxy.IsBypassed(url) && proxy.GetProxy(url).Scheme is "http" or "https";
        if (!tunnels)
        {
            return await OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);
        }
        var server = proxy.GetProxy(url);
        var stream = await OpenAsync(server.IdnHost, server.Port, cancellation);
        try
        {
            if (server.Scheme == Uri.UriSchemeHttps)
            {
                var secure = new SslStream(stream);
                stream = secure;
                await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = server.IdnHost }, cancellation);
            }
            await AskAsync(stream, server, $"{context.DnsEndPoint.Host}:{context.DnsEndPoint.Port}", cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task<Stream> OpenAsync(string host, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AskAsync(Stream stream, Uri server, string target, CancellationToken cancellation)
    {
        var request = new StringBuilder($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
        if (proxy.GetCredential(server, "Basic") is { } user && !headers.Any(header =>
            string.Equals(header.Key, "Proxy-Authorization", StringComparison.OrdinalIgnoreCase)))
        {
            var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user.UserName}:{user.Password}"));
            request.Append("Proxy-Authorization: Basic ").Append(pair).Append("\r\n");
        }
        foreach (var (name, value) in headers)
        {
            request.Append(name).Append(": ").Append(value.Reveal().ReplaceLineEndings(" ")).Append("\r\n");
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.Append("\r\n").ToString()), cancellation);
        var status = await ReadStatusAsync(stream, cancellation);
        if (status.Split(' ') is not [_, "200", ..])
        {
            throw new HttpRequestException($"the proxy {server.IdnHost}:{server.Port} refuses the connection: {status}");
        }
    }

    /// <summary>Reads byte by byte, so that nothing of the tunnel's own traffic is taken along.</summary>
    private static async Task<string> ReadStatusAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < MaxHead)
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
            {
                throw new HttpRequestException("the proxy closed the connection");
            }
            head.Add(one[0]);
            if (head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n')
            {
                return Encoding.ASCII.GetString([.. head.TakeWhile(c => c is not ((byte)'\r' or (byte)'\n'))]);
            }
        }
        throw new HttpRequestException("the proxy's answer is too long");
    }
}
