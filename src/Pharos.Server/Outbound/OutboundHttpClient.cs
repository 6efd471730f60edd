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

    private const int DefaultDrainBytes = 1 << 20;

    /// <summary>A client without a timeout of its own: callers bound each request. The caller owns and disposes it.</summary>
    /// <param name="maxConnections">To one server; a discovery that holds a request open per thing it follows needs more.</param>
    /// <param name="unixSocket">The socket that every connection is made to, whatever host the URL names.</param>
    /// <param name="maxDrainBytes">How much is read of an answer that nobody wants, so that its connection can be used again.</param>
    public static HttpClient Create(HttpClientConfig config, TimeProvider? time = null, int maxConnections = MaxConnectionsPerServer,
        string? unixSocket = null, int maxDrainBytes = DefaultDrainBytes)
    {
        var transport = CreateTransport(config.Tls, unixSocket is null ? config.Proxy : ProxyConfig.None, maxConnections);
        transport.MaxResponseDrainSize = maxDrainBytes;
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

    /// <summary>As <see cref="Create"/>, but what is not read of an answer ends its connection, as in Go: a scrape that is given up
    /// holds no thread any longer. Where <see cref="AllowsBlocking"/>, the client also sends from a thread that waits.</summary>
    public static HttpClient CreateForScrapes(HttpClientConfig config, string? unixSocket = null) =>
        Create(config, unixSocket: unixSocket, maxDrainBytes: 0);

    /// <summary>Whether nothing of the configuration needs more than a connection of HTTP/1.1, straight to the server.</summary>
    public static bool AllowsBlocking(HttpClientConfig config) =>
        config is { OAuth2: null, Aws: null } && ConfiguredProxy.Of(config.Proxy, Environment.GetEnvironmentVariable) is null;

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
