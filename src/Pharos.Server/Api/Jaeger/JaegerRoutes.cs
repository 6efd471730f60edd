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
    private readonly GuardedHandler _guard = new(
        static exception => (exception as JaegerRefusal)?.Status, (context, status, reason) => refuse(context, status, reason.Message), logger);

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
        await _guard.RunAsync(context, async () => await handler(new JaegerRequest(context, tenant, await RequestValues.ReadAsync(context), time)));
    }
}
