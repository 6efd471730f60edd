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

    private readonly GuardedHandler _guard = new(StatusOf, RefuseAsync, logger);

    public void Map(string path, Func<TempoRequest, Task> handler) =>
        routes.MapMethods("/tempo" + path, Reading, (RequestDelegate)(context => AnswerAsync(context, handler)));

    private Task AnswerAsync(HttpContext context, Func<TempoRequest, Task> handler) => _guard.RunAsync(
        context, async () => await handler(new TempoRequest(context, await RequestValues.ReadAsync(context), tenancy, time)));

    private static Task RefuseAsync(HttpContext context, int status, Exception reason) => LokiReply.RefuseAsync(
        context, status, reason is OperationCanceledException ? "context canceled" : reason.Message);

    private static int? StatusOf(Exception exception) => exception switch
    {
        TempoRefusal refusal => refusal.Status,
        TraceQueryException { Kind: TraceQueryErrorKind.Timeout } or OperationCanceledException => StatusCodes.Status504GatewayTimeout,
        TraceQueryException { Kind: TraceQueryErrorKind.Canceled } => StatusCodes.Status499ClientClosedRequest,
        TraceQueryException => StatusCodes.Status400BadRequest,
        _ => null,
    };
}
