using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation.Http;

/// <summary>Measures requests into the framework's two HTTP metrics.</summary>
internal sealed class HttpMeasuring(RequestDelegate next, FrameworkMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        var failed = true;
        try
        {
            await next(context);
            failed = false;
        }
        finally
        {
            // Who answers an exception stands outside of this; it will say 500 where nothing has been said.
            var status = failed && !context.Response.HasStarted ? StatusCodes.Status500InternalServerError : context.Response.StatusCode;
            if (EndpointOf(context) is var endpoint && endpoint?.Metadata.GetMetadata<IDisableHttpMetricsMetadata>() is null)
            {
                metrics.HttpRequest(MethodOf(context), RouteOf(endpoint) ?? "unmatched", status, Stopwatch.GetElapsedTime(start));
            }
        }
    }

    /// <summary>The endpoint that was meant, also where an exception handler took over.</summary>
    public static Endpoint? EndpointOf(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();

    /// <summary>The template as it is written: <c>/api/users/{id}</c>.</summary>
    public static string? RouteOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText;

    /// <summary>A method that nobody knows is <c>_OTHER</c>: clients may write anything there.</summary>
    public static string MethodOf(HttpContext context) => context.Request.Method switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "OPTIONS" or "TRACE" or "PATCH" => context.Request.Method,
        _ => "_OTHER",
    };
}
