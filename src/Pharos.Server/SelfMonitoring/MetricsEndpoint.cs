using Microsoft.AspNetCore.Http;

namespace Pharos.Server.SelfMonitoring;

/// <summary><c>/metrics</c>: what this server measures of itself.</summary>
internal sealed class MetricsEndpoint(MetricRegistry registry)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var format = FormatNegotiation.Choose(context.Request.Headers.Accept.ToString(), openMetricsLast: false);
        context.Response.ContentType = format.ContentType;
        var families = registry.Collect();
        if (format.Kind != AnswerKind.Protobuf)
        {
            await context.Response.WriteAsync(ExpositionWriter.Write(families, format), context.RequestAborted);
            return;
        }
        foreach (var family in families)
        {
            await context.Response.Body.WriteAsync(ProtobufFamilies.Write(family, format.Escaping), context.RequestAborted);
        }
    }
}
