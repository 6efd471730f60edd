using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pharos.Server.Hosting;

/// <summary>Health, readiness, reload and quit.</summary>
internal sealed class LifecycleEndpoints(
    bool enabled, Func<bool> isReady, Func<CancellationToken, Task<IReadOnlyList<string>>> reload, Action quit)
{
    private static readonly string[] Read = ["GET", "HEAD"];

    /// <summary>GET among them, for whoever opens the address in a browser is told what it takes.</summary>
    private static readonly string[] Deed = ["GET", "POST", "PUT"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/-/healthy", Read, (RequestDelegate)(context => TextAsync(context, 200, "Prometheus Server is Healthy.\n")));
        routes.MapMethods("/-/ready", Read, (RequestDelegate)(context => isReady()
            ? TextAsync(context, 200, "Prometheus Server is Ready.\n") : TextAsync(context, 503, "Service Unavailable")));
        routes.MapMethods("/-/reload", Deed, (RequestDelegate)ReloadAsync);
        routes.MapMethods("/-/quit", Deed, (RequestDelegate)QuitAsync);
    }

    private async Task ReloadAsync(HttpContext context)
    {
        if (await RefuseAsync(context))
        {
            return;
        }
        var errors = await reload(context.RequestAborted);
        if (errors.Count > 0)
        {
            await TextAsync(context, 500, $"failed to reload config: {string.Join('\n', errors)}\n");
        }
    }

    private async Task QuitAsync(HttpContext context)
    {
        if (await RefuseAsync(context))
        {
            return;
        }
        await TextAsync(context, 200, "Requesting termination... Goodbye!");
        quit();
    }

    private async Task<bool> RefuseAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsPut(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST, PUT";
            await TextAsync(context, 405, "Only POST or PUT requests allowed");
            return true;
        }
        if (!enabled)
        {
            await TextAsync(context, 403, "Lifecycle API is not enabled.");
            return true;
        }
        return false;
    }

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
