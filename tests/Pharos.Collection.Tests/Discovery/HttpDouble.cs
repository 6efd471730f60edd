using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Pharos.Collection.Tests.Discovery;

/// <summary>A real HTTP server that stands in for an API, on a free loopback port or a unix socket.</summary>
internal sealed class HttpDouble : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpDouble(WebApplication app, ConcurrentQueue<string> asked)
    {
        _app = app;
        Asked = asked;
    }

    /// <summary>Path and query of each request, in order.</summary>
    public ConcurrentQueue<string> Asked { get; }

    /// <summary>Without a slash at the end.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<HttpDouble> StartAsync(
        Func<HttpContext, Task> answer, string? unixSocket = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            if (unixSocket is not null)
            {
                kestrel.ListenUnixSocket(unixSocket);
            }
            else
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
                {
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                });
            }
        });
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        var app = builder.Build();
        var asked = new ConcurrentQueue<string>();
        app.Run(async context =>
        {
            asked.Enqueue(context.Request.Path + context.Request.QueryString);
            await answer(context);
        });
        await app.StartAsync();
        return new HttpDouble(app, asked);
    }

    /// <summary>Answers each path with the JSON that a function has for it, and 404 where it has none.</summary>
    public static Task<HttpDouble> StartAsync(Func<string, string?> json, string? unixSocket = null) => StartAsync(async context =>
    {
        if (json(context.Request.Path) is not { } body)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }, unixSocket);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        try
        {
            await _app.StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // A long poll was cut off.
        }
        await _app.DisposeAsync();
    }
}
