using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pharos.Server.Api;

/// <summary>Runs handlers that throw what they refuse: it becomes the status and the body that an API's clients expect.</summary>
/// <param name="statusOf">The status of what only this API throws; null for what nobody expects, which is the server's failure.</param>
/// <param name="refuse">Writes a refusal in the API's form.</param>
internal sealed class GuardedHandler(Func<Exception, int?> statusOf, Func<HttpContext, int, Exception, Task> refuse, ILogger logger)
{
    public async Task RunAsync(HttpContext context, Func<Task> handler)
    {
        try
        {
            await handler();
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not OutOfMemoryException)
        {
            var status = StatusOf(e, context);
            if (status == StatusCodes.Status500InternalServerError)
            {
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            }
            await refuse(context, status, e);
        }
    }

    private int StatusOf(Exception exception, HttpContext context) => exception switch
    {
        InvalidDataException or BadHttpRequestException => StatusCodes.Status400BadRequest,
        OperationCanceledException when context.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        _ => statusOf(exception) ?? StatusCodes.Status500InternalServerError,
    };
}
