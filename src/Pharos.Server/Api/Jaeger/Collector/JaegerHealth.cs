using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Jaeger.Collector;

/// <summary>The health of Jaeger's admin port, which probes of its deployments ask for: <c>/</c> there, <c>/jaeger/health</c> on the one port.</summary>
internal sealed class JaegerHealth(Func<bool> isReady, DateTimeOffset startedAt, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/jaeger/health", ["GET", "HEAD"], (RequestDelegate)AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        var ready = isReady();
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status", ready ? "Server available" : "Server not available");
            json.WriteString("upSince", JsonForms.Rfc3339(startedAt));
            json.WriteString("uptime", GoDuration.Format(time.GetUtcNow() - startedAt));
            json.WriteEndObject();
        }
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
