using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Targets;
using Pharos.Server.Hosting;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Logs;

/// <summary>The HTTP side of <c>loki_push_api</c>: a Kestrel of its own for each target, with Promtail's three paths.</summary>
internal sealed class KestrelPushHost(ILoggerFactory logging) : IPushHost
{
    /// <summary>How long requests in flight may go on: they are told at once that the target stops.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <summary>What a client says about a body's length is believed up to here.</summary>
    private const int MaxClaimedBytes = 8 << 20;

    private readonly ILogger _logger = logging.CreateLogger("ship");

    public async Task<IAsyncDisposable> ListenAsync(
        IPEndPoint address, PushSourceOptions options, PushIntake intake, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Pharos.Server" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, address, options));
        builder.Services.Replace(ServiceDescriptor.Singleton(logging));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = DrainTime);
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, intake));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            if (e is IOException or AddressInUseException or System.Net.Sockets.SocketException)
            {
                var reason = HttpHost.ReasonNotToBind(new ListenAddress(address.Address.ToString(), address.Port)) ?? e.Message;
                throw new IOException($"cannot listen on {address}: {reason}; choose another server.http_listen_port", e);
            }
            throw;
        }
        return new Listening(app, _logger);
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint address, PushSourceOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections > 0 ? options.MaxConnections : null;
        kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
        kestrel.Limits.KeepAliveTimeout = options.IdleTimeout;
        kestrel.Limits.MaxRequestBodySize = LokiPushReceiver.MaxUnpackedBytes;
        kestrel.Listen(address, listen =>
        {
            if (options.Tls is { } tls)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls()) });
            }
        });
    }

    private async Task AnswerAsync(HttpContext context, PushIntake intake)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value);
        var isPush = path is "/loki/api/v1/push" or "/promtail/api/v1/raw";
        if (path == "/ready" && HttpMethods.IsGet(method))
        {
            await TellAsync(context, StatusCodes.Status200OK, "ready");
        }
        else if (isPush && HttpMethods.IsPost(method))
        {
            var (status, reason) = await TakeAsync(context, intake, isLines: path == "/promtail/api/v1/raw");
            await TellAsync(context, status, reason);
        }
        else
        {
            await TellAsync(context, isPush ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound,
                isPush ? "a push is a POST" : "there are POST /loki/api/v1/push, POST /promtail/api/v1/raw and GET /ready here");
        }
    }

    private async Task<(int Status, string Reason)> TakeAsync(HttpContext context, PushIntake intake, bool isLines)
    {
        var request = context.Request;
        try
        {
            using var body = new PooledBuffer((int)Math.Min(request.ContentLength ?? (64 << 10), MaxClaimedBytes) + 1);
            while (await request.Body.ReadAsync(body.Space(), context.RequestAborted) is var read and > 0)
            {
                body.Advance(read);
            }
            var (encoding, tenant) = (request.Headers.ContentEncoding.ToString(), request.Headers["X-Scope-OrgID"].ToString());
            var isTaken = isLines
                ? await intake.PushLinesAsync(body.Written, encoding, tenant, context.RequestAborted)
                : await intake.PushAsync(body.Written, request.ContentType ?? "", encoding, tenant, context.RequestAborted);
            return isTaken ? (StatusCodes.Status204NoContent, "")
                : (StatusCodes.Status503ServiceUnavailable, "too much waits for the clients of this job; send it again later");
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            return (e.StatusCode, e.Message);
        }
        catch (PushTooLargeException e)
        {
            return (StatusCodes.Status413PayloadTooLarge, e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            return (StatusCodes.Status400BadRequest, e.Message);
        }
        catch (OperationCanceledException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "this target stops; send it again later");
        }
        catch (Exception e)
        {
            _logger.LogError(e, "A push has failed");
            return (StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private static async Task TellAsync(HttpContext context, int status, string text)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        context.Response.StatusCode = status;
        if (text.Length > 0)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text + "\n", context.RequestAborted);
        }
    }

    private sealed class Listening(WebApplication app, ILogger logger) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await app.StopAsync(CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                logger.LogWarning("Some pushes did not end in time and were cut off");
            }
            await app.DisposeAsync();
        }
    }
}
