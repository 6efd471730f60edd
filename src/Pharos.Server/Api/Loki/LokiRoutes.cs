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

    private readonly GuardedHandler _guard = new(StatusOf, RefuseAsync, logger);

    /// <summary>A question: GET, or POST with a form.</summary>
    public void MapRead(string path, Func<LokiRequest, Task> handler) => Map(path, handler, Reading);

    public void Map(string path, Func<LokiRequest, Task> handler, params string[] methods) =>
        routes.MapMethods(path, methods, (RequestDelegate)(context => AnswerAsync(context, handler)));

    private Task AnswerAsync(HttpContext context, Func<LokiRequest, Task> handler) => _guard.RunAsync(
        context, async () => await handler(new LokiRequest(context, await RequestValues.ReadAsync(context), tenants, time)));

    private static Task RefuseAsync(HttpContext context, int status, Exception reason) => LokiReply.RefuseAsync(
        context, status, reason is OperationCanceledException ? "The request was cancelled by the client." : reason.Message);

    private static int? StatusOf(Exception exception) => exception switch
    {
        LokiRefusal refusal => refusal.Status,
        LogQueryException { Kind: LogQueryErrorKind.Timeout } or OperationCanceledException => StatusCodes.Status504GatewayTimeout,
        LogQueryException { Kind: LogQueryErrorKind.Canceled } => StatusCodes.Status499ClientClosedRequest,
        LogQueryException => StatusCodes.Status400BadRequest,
        _ => null,
    };
}
