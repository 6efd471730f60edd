using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation;

/// <summary>Puts the metrics of an application behind HTTP, and measures its requests.</summary>
public static class MetricsEndpoint
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Serves the exporter's metrics below <paramref name="path"/>.</summary>
    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, PrometheusExporter exporter, string path = "/metrics") =>
        endpoints.MapGet(path, (HttpContext context) =>
        {
            context.Response.ContentType = ContentType;
            return context.Response.WriteAsync(exporter.Render(), context.RequestAborted);
        });

    /// <summary>Counts and times every request under its route's template; requests without a route count as
    /// <c>unmatched</c>, so that scanners cannot make series. Does not count the metrics endpoint itself.</summary>
    public static IApplicationBuilder UseHttpMetrics(this IApplicationBuilder app, FrameworkMetrics metrics) =>
        app.Use(async (context, next) =>
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
                if (route != "/metrics")
                {
                    metrics.HttpRequest(
                        context.Request.Method, route, context.Response.StatusCode, Stopwatch.GetElapsedTime(start));
                }
            }
        });
}
