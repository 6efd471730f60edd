using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pharos.Server.Security;

namespace Pharos.Server.Hosting;

/// <summary>Kestrel with nothing around it that reads environment, files or signals: all settings come from the options.</summary>
internal static class HttpHost
{
    /// <summary>How long requests in flight may go on once the server stops; leaves time to flush within the 10 s.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(4);

    /// <summary>Bounds one request's body: the largest remote-write request or batch of alerts.</summary>
    private const long MaxBodyBytes = 64 * 1024 * 1024;

    /// <summary>Bounds what waits for one client to take it: enough that a large answer is written while it is read.</summary>
    private const long MaxUnsentBytes = 1024 * 1024;

    /// <summary>Bounds a request's first line and its headers, as Go's server does: a query travels in the line where a client asks by
    /// GET.</summary>
    private const int MaxHeadBytes = 1024 * 1024;

    /// <summary>How long a client may take for whatever was sent, however little.</summary>
    private static readonly TimeSpan SlowClientGrace = TimeSpan.FromSeconds(5);

    /// <param name="access">The web configuration; null where there is none.</param>
    public static WebApplication Build(PharosServerOptions options, IReadOnlyList<ListenAddress> addresses, WebAccess? access)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Pharos.Server" });
        var tls = access is null ? null : new TlsConnections(access);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => Configure(kestrel, options, addresses, listen =>
            {
                tls?.Use(listen);
                Http2PriorKnowledge.Use(listen);
            }));
        builder.Services.Replace(ServiceDescriptor.Singleton(options.Logging));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.Providers.Add<GzipCompressionProvider>();
            compression.Providers.Add(new DeflateProvider());
            compression.MimeTypes =
                ["application/json", "text/plain", "application/openmetrics-text", "text/html"];
        });
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip =>
            gzip.Level = System.IO.Compression.CompressionLevel.Fastest);
        return builder.Build();
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="ServerStartException">A port is taken or may not be opened; the message names port and flag.</exception>
    public static async Task StartAsync(
        WebApplication app, IReadOnlyList<ListenAddress> addresses, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (FormatException e)
        {
            throw new ServerStartException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or AddressInUseException or SocketException or InvalidOperationException)
        {
            foreach (var address in addresses)
            {
                if (ReasonNotToBind(address) is { } reason)
                {
                    throw new ServerStartException(
                        $"cannot listen on {address}: {reason}; choose another with --{address.Flag}", e);
                }
            }
            throw new ServerStartException(
                $"cannot listen on {string.Join(", ", addresses)}: {e.Message}; see --{addresses[0].Flag}", e);
        }
    }

    /// <summary>What Kestrel listens on, in the order of the addresses given.</summary>
    public static IReadOnlyList<Uri> Bound(WebApplication app)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return [.. bound.Addresses.Select(Reachable)];
    }

    /// <summary>Tries an address, to tell which of several is taken. Null where it is free.</summary>
    public static string? ReasonNotToBind(ListenAddress address)
    {
        if (address.Port == 0)
        {
            return null;
        }
        var endpoint = new IPEndPoint(address.Interface() ?? IPAddress.Any, address.Port);
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {address.Port} is in use by another program",
                SocketError.AccessDenied => $"port {address.Port} may only be opened by a privileged user",
                SocketError.AddressNotAvailable => $"{address.Host} is not an address of this machine",
                _ => e.Message,
            };
        }
    }

    private static void Configure(
        KestrelServerOptions kestrel, PharosServerOptions options, IReadOnlyList<ListenAddress> addresses, Action<ListenOptions> configure)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        var readTimeout = options.ReadTimeout > TimeSpan.Zero ? options.ReadTimeout : Timeout.InfiniteTimeSpan;
        kestrel.Limits.RequestHeadersTimeout = readTimeout;
        kestrel.Limits.KeepAliveTimeout = readTimeout;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.MaxResponseBufferSize = MaxUnsentBytes;
        kestrel.Limits.MinResponseDataRate = options.MinResponseRate > 0 ? new MinDataRate(options.MinResponseRate, SlowClientGrace) : null;
        kestrel.Limits.MaxRequestLineSize = MaxHeadBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeadBytes;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = MaxHeadBytes;
        foreach (var address in addresses)
        {
            if (address.Interface() is { } network)
            {
                kestrel.Listen(network, address.Port, configure);
            }
            else
            {
                kestrel.ListenAnyIP(address.Port, configure);
            }
        }
    }

    /// <summary>An address that means "every interface" is no address to call: the loopback stands for it.</summary>
    private static Uri Reachable(string bound)
    {
        var uri = new UriBuilder(bound.Replace("//+:", "//0.0.0.0:", StringComparison.Ordinal));
        if (uri.Host is "0.0.0.0" or "[::]")
        {
            uri.Host = "127.0.0.1";
        }
        return uri.Uri;
    }
}
