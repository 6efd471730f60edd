using Microsoft.AspNetCore.Http;

namespace Pharos.Server.SelfMonitoring;

/// <summary><c>/metrics</c>: what this server measures of itself.</summary>
internal sealed class MetricsEndpoint(MetricRegistry registry)
{
    public Task AnswerAsync(HttpContext context)
    {
        var openMetrics = context.Request.Headers.Accept.ToString()
            .Contains("application/openmetrics-text", StringComparison.Ordinal);
        context.Response.ContentType = openMetrics ? ExpositionWriter.OpenMetricsType : ExpositionWriter.TextType;
        return context.Response.WriteAsync(ExpositionWriter.Write(registry.Collect(), openMetrics), context.RequestAborted);
    }
}
