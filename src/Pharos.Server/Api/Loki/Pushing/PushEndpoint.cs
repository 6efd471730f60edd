using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Storage.Encoding;

namespace Pharos.Server.Api.Loki.Pushing;

/// <summary><c>POST /loki/api/v1/push</c> and the old <c>/api/prom/push</c>: 204 when all is stored; 400, 429 or 503 with the reasons
/// of what is not, beside which the rest is stored.</summary>
internal sealed class PushEndpoint(LokiIntake intake, ILogger logger)
{
    public async Task AnswerAsync(LokiRequest request)
    {
        var tenant = request.Tenant;
        using var body = await ReadAsync(request.Context.Request, request.Config.MaxReceiveBytes, request.Cancellation);
        LokiPushOutcome outcome;
        try
        {
            using var session = intake.Begin(tenant);
            new LokiPushReceiver().Read(
                body.Written, request.Context.Request.ContentType ?? "", request.Context.Request.Headers.ContentEncoding.ToString(), session);
            outcome = session.Commit();
        }
        catch (PushTooLargeException e)
        {
            throw new LokiRefusal(StatusCodes.Status413PayloadTooLarge, e.Message);
        }
        catch (NotSupportedException e)
        {
            throw LokiRefusal.BadRequest(e.Message);
        }
        catch (InvalidDataException e)
        {
            throw LokiRefusal.BadRequest(e.Message);
        }
        catch (IOException e)
        {
            logger.LogError(e, "Logs that were pushed cannot be stored");
            throw new LokiRefusal(StatusCodes.Status500InternalServerError, e.Message);
        }
        if (outcome.Message.Length > 0)
        {
            throw new LokiRefusal(outcome.Status, outcome.Message);
        }
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<PooledBuffer> ReadAsync(HttpRequest request, long maxBytes, CancellationToken cancellation)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            // What Loki takes is more than what is taken on other paths.
            bound.MaxRequestBodySize = maxBytes + 1;
        }
        try
        {
            return await WholeBody.ReadAsync(request, maxBytes, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            throw new LokiRefusal(StatusCodes.Status413PayloadTooLarge, $"the push is larger than the {maxBytes} bytes that are taken at once");
        }
    }
}
