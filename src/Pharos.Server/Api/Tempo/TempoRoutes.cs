using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Query.TraceQL;
using Pharos.Server.Api.Loki;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Tempo;

/// <summary>Puts handlers onto Tempo's paths, below <c>/tempo</c>; what they throw becomes the status and the plain text that Tempo's clients expect.</summary>
internal sealed class TempoRoutes(IEndpointRouteBuilder routes, TraceTenancy tenancy, TimeProvider time, ILogger logger)
{
    private static readonly string[] Reading = ["GET"];

    public void Map(string path, Func<TempoRequest, Task> handler) =>
        routes.MapMethods("/tempo" + path, Reading, (RequestDelegate)(context => AnswerAsync(context, handler)));

    private async Task AnswerAsync(HttpContext context, Func<TempoRequest, Task> handler)
    {
        try
        {
            await handler(new TempoRequest(context, await RequestValues.ReadAsync(context), tenancy, time));
        }
        catch (Exception e) when (!context.Response.HasStarted && StatusOf(e, context) is { } status)
        {
            if (status == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            }
            await LokiReply.RefuseAsync(context, status, e is OperationCanceledException ? "context canceled" : e.Message);
        }
    }

    private static int? StatusOf(Exception exception, HttpContext context) => exception switch
    {
        TempoRefusal refusal => refusal.Status,
        InvalidDataException or BadHttpRequestException => StatusCodes.Status400BadRequest,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        TraceQueryException { Kind: TraceQueryErrorKind.Timeout } or OperationCanceledException => StatusCodes.Status504GatewayTimeout,
        TraceQueryException { Kind: TraceQueryErrorKind.Canceled } => StatusCodes.Status499ClientClosedRequest,
        TraceQueryException => StatusCodes.Status400BadRequest,
        OutOfMemoryException => null,
        _ => StatusCodes.Status500InternalServerError,
    };
}
