using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Sampling;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Jaeger.Collector;

/// <summary>Tells clients how to sample: at the agent's port, at the collector's, and by gRPC.</summary>
internal sealed class SamplingEndpoints(SamplingStrategies strategies, ILogger logger)
{
    public const string GrpcPath = "/jaeger.api_v2.SamplingManager/GetSamplingStrategy";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/sampling", ["GET"], (RequestDelegate)(context => AnswerAsync(context, legacy: false)));
        routes.MapMethods("/api/sampling", ["GET"], (RequestDelegate)(context => AnswerAsync(context, legacy: false)));
        routes.MapMethods("/sampling/legacy", ["GET"], (RequestDelegate)(context => AnswerAsync(context, legacy: true)));
        routes.MapMethods("/sampling/baggageRestrictions", ["GET"], (RequestDelegate)AnswerBaggageAsync);
        routes.MapMethods("/api/baggageRestrictions", ["GET"], (RequestDelegate)AnswerBaggageAsync);
        routes.MapMethods(GrpcPath, ["POST"], (RequestDelegate)new GrpcMethod("GetSamplingStrategy", AnswerGrpc, logger).AnswerAsync);
    }

    private async Task AnswerAsync(HttpContext context, bool legacy)
    {
        if (await ServiceAsync(context) is { } service)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(SamplingReply.Json(strategies.Of(service), legacy), context.RequestAborted);
        }
    }

    /// <summary>Baggage is not restricted.</summary>
    private static async Task AnswerBaggageAsync(HttpContext context)
    {
        if (await ServiceAsync(context) is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("[]", context.RequestAborted);
        }
    }

    /// <summary>Null where the request says it wrongly, and has been answered.</summary>
    private static async Task<string?> ServiceAsync(HttpContext context)
    {
        var services = context.Request.Query["service"];
        if (services.Count == 1)
        {
            return services[0];
        }
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync("'service' parameter must be provided once\n", context.RequestAborted);
        return null;
    }

    private GrpcAnswer AnswerGrpc(HttpContext context, ReadOnlyMemory<byte> message) =>
        GrpcAnswer.Ok(SamplingReply.Protobuf(strategies.Of(SamplingRequest.ServiceOf(message.Span))));
}
