using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pharos.Instrumentation.Exposition;
using Pharos.Instrumentation.Http;
using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation;

/// <summary>Puts the metrics of an application behind HTTP, and measures its requests.</summary>
public static class MetricsEndpoint
{
    /// <summary>Serves the metrics of <c>AddPharosInstrumentation</c> in the format that the scraper asks for: text 0.0.4,
    /// OpenMetrics 1.0 with exemplars, or protobuf with native histograms. Requests for it are not measured.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder endpoints, string path = "/metrics") =>
        endpoints.MapMetrics(endpoints.ServiceProvider.GetRequiredService<PrometheusExporter>(), path);

    /// <summary>Serves the metrics of an exporter that the caller made.</summary>
    public static IEndpointConventionBuilder MapMetrics(
        this IEndpointRouteBuilder endpoints, PrometheusExporter exporter, string path = "/metrics") =>
        endpoints.MapGet(path, async context =>
        {
            var format = FormatNegotiation.Choose(context.Request.Headers.Accept.ToString());
            context.Response.ContentType = FormatNegotiation.ContentType(format);
            context.Response.Headers.Vary = "Accept";
            exporter.WriteTo(context.Response.BodyWriter, format);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }).DisableHttpMetrics();

    /// <summary>Counts and times every request under its route's template; requests without a route count as
    /// <c>unmatched</c>, so that scanners cannot make series. Endpoints with <c>DisableHttpMetrics()</c> are left out.
    /// <c>AddPharosInstrumentation</c> does this by itself.</summary>
    public static IApplicationBuilder UseHttpMetrics(this IApplicationBuilder app, FrameworkMetrics metrics) =>
        app.Use(next => new HttpMeasuring(next, metrics).InvokeAsync);
}
