using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Puts handlers onto Jaeger's paths; what they throw becomes the status and the body that Jaeger's clients expect.</summary>
/// <param name="refuse">Writes a refusal in the form of one version of the API.</param>
internal sealed class JaegerRoutes(
    IEndpointRouteBuilder routes, TraceTenancy tenancy, TimeProvider time, ILogger logger, Func<HttpContext, int, string, Task> refuse)
{
    public void MapGet(string path, Func<JaegerRequest, Task> handler) => Map(path, handler, "GET");

    public void MapPost(string path, Func<JaegerRequest, Task> handler) => Map(path, handler, "POST");

    private void Map(string path, Func<JaegerRequest, Task> handler, string method) =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => AnswerAsync(context, handler)));

    private async Task AnswerAsync(HttpContext context, Func<JaegerRequest, Task> handler)
    {
        if (tenancy.Of(context, out var refusal) is not { } tenant)
        {
            // As Jaeger: plain text, whatever the API.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await context.Response.WriteAsync(refusal);
            return;
        }
        try
        {
            await handler(new JaegerRequest(context, tenant, await RequestValues.ReadAsync(context), time));
        }
        catch (Exception e) when (!context.Response.HasStarted && StatusOf(e, context) is { } status)
        {
            if (status == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            }
            await refuse(context, status, e.Message);
        }
    }

    private static int? StatusOf(Exception exception, HttpContext context) => exception switch
    {
        JaegerRefusal refusal => refusal.Status,
        InvalidDataException or BadHttpRequestException => StatusCodes.Status400BadRequest,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        OutOfMemoryException => null,
        _ => StatusCodes.Status500InternalServerError,
    };
}
