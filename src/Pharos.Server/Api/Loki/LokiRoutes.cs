using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Query.LogQL;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Loki;

/// <summary>Puts handlers onto Loki's paths; what they throw becomes the status and the plain text that Loki's clients expect.</summary>
internal sealed class LokiRoutes(IEndpointRouteBuilder routes, LokiTenants tenants, TimeProvider time, ILogger logger)
{
    private static readonly string[] Reading = ["GET", "POST"];

    /// <summary>A question: GET, or POST with a form.</summary>
    public void MapRead(string path, Func<LokiRequest, Task> handler) => Map(path, handler, Reading);

    public void Map(string path, Func<LokiRequest, Task> handler, params string[] methods) =>
        routes.MapMethods(path, methods, (RequestDelegate)(context => AnswerAsync(context, handler)));

    private async Task AnswerAsync(HttpContext context, Func<LokiRequest, Task> handler)
    {
        try
        {
            await handler(new LokiRequest(context, await RequestValues.ReadAsync(context), tenants, time));
        }
        catch (Exception e) when (!context.Response.HasStarted && StatusOf(e, context) is { } status)
        {
            if (status == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            }
            await LokiReply.RefuseAsync(context, status, e is OperationCanceledException ? "The request was cancelled by the client." : e.Message);
        }
    }

    private static int? StatusOf(Exception exception, HttpContext context) => exception switch
    {
        LokiRefusal refusal => refusal.Status,
        InvalidDataException or BadHttpRequestException => StatusCodes.Status400BadRequest,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        LogQueryException { Kind: LogQueryErrorKind.Timeout } or OperationCanceledException => StatusCodes.Status504GatewayTimeout,
        LogQueryException { Kind: LogQueryErrorKind.Canceled } => StatusCodes.Status499ClientClosedRequest,
        LogQueryException => StatusCodes.Status400BadRequest,
        OutOfMemoryException => null,
        _ => StatusCodes.Status500InternalServerError,
    };
}
