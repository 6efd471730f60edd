using System.Net;
using System.Net.Sockets;
using Pharos.Server.Outbound.Aws;

namespace Pharos.Server.Outbound;

/// <summary>Makes the clients that scrape, notify and forward.</summary>
internal static class OutboundHttpClient
{
    /// <summary>How long a pooled connection lives, so that a changed DNS answer or certificate is noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Connections beyond what any one target's scrape, or any receiver's retries, can use.</summary>
    public const int MaxConnectionsPerServer = 64;

    /// <summary>A client without a timeout of its own: callers bound each request. The caller owns and disposes it.</summary>
    /// <param name="maxConnections">To one server; a discovery that holds a request open per thing it follows needs more.</param>
    /// <param name="unixSocket">The socket that every connection is made to, whatever host the URL names.</param>
    public static HttpClient Create(
        HttpClientConfig config, TimeProvider? time = null, int maxConnections = MaxConnectionsPerServer, string? unixSocket = null)
    {
        var transport = CreateTransport(config.Tls, unixSocket is null ? config.Proxy : ProxyConfig.None, maxConnections);
        HttpMessageHandler handler = transport;
        if (unixSocket is not null)
        {
            transport.ConnectCallback = (_, cancellation) => ConnectAsync(unixSocket, cancellation);
        }
        OAuth2TokenSource? tokens = null;
        if (config.OAuth2 is { } oauth2)
        {
            var client = new HttpClient(CreateTransport(oauth2.Tls, oauth2.Proxy, MaxConnectionsPerServer))
            {
                MaxResponseContentBufferSize = OAuth2TokenSource.MaxResponseBytes,
            };
            tokens = new OAuth2TokenSource(oauth2, client, time ?? TimeProvider.System);
        }
        if (config.Aws is { } aws)
        {
            var client = new HttpClient(CreateTransport(config.Tls, config.Proxy, MaxConnectionsPerServer));
            var clock = time ?? TimeProvider.System;
            handler = new AwsSigningHandler(aws, new AwsCredentialSource(aws, client, AwsSurroundings.Process, clock), clock)
            {
                InnerHandler = handler,
            };
        }
        handler = new AuthenticatingHandler(config, tokens) { InnerHandler = handler };
        if (config.FollowRedirects)
        {
            handler = new RedirectHandler { InnerHandler = handler };
        }
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> ConnectAsync(string unixSocket, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(unixSocket), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static SocketsHttpHandler CreateTransport(TlsConfig tls, ProxyConfig proxy, int maxConnections)
    {
        var handler = new SocketsHttpHandler
        {
            // Redirects are followed above this handler, so that the same host sees the credentials again.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = maxConnections,
            PooledConnectionLifetime = ConnectionLifetime,
            ActivityHeadersPropagator = null,
            UseCookies = false,
            UseProxy = false,
            SslOptions = TlsHandshake.Options(tls),
        };
        if (ConfiguredProxy.Of(proxy, Environment.GetEnvironmentVariable) is { } configured)
        {
            handler.UseProxy = true;
            handler.Proxy = configured;
            if (proxy.ConnectHeaders.Count > 0)
            {
                var tunnel = new ProxyTunnel(configured, proxy.ConnectHeaders);
                handler.Proxy = tunnel;
                handler.ConnectCallback = tunnel.ConnectAsync;
            }
        }
        return handler;
    }
}
