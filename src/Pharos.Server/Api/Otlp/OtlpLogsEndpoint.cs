using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Receivers.Loki.Otlp;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Server.Api.Loki;
using Pharos.Server.Logs;

namespace Pharos.Server.Api.Otlp;

/// <summary>OTLP logs over HTTP, protobuf and JSON: <c>/v1/logs</c> as OpenTelemetry's collector answers it, with partial success, and
/// <c>/otlp/v1/logs</c> as Loki does, 400 for a partly bad request.</summary>
internal sealed class OtlpLogsEndpoint(OtlpLogsReceiver receiver, LokiTenants tenants, bool asLoki, ILogger logger)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    // google.rpc.Code
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;

    public async Task AnswerAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (type is not (Protobuf or Json))
        {
            await RefuseAsync(
                context, asLoki ? StatusCodes.Status400BadRequest : StatusCodes.Status415UnsupportedMediaType, InvalidArgument,
                $"unsupported content type: {type}, supported: [{Json}, {Protobuf}]");
            return;
        }
        try
        {
            var tenant = LokiTenancy.One(context, tenants.Config);
            using var body = await WholeBody.ReadAsync(context.Request);
            var outcome = await Task.Run(
                () => type == Json ? receiver.ReceiveJson(tenant, body.Written) : receiver.ReceiveProtobuf(tenant, body.Written.Span), context.RequestAborted);
            await AnswerAsync(context, outcome);
        }
        catch (LokiRefusal e)
        {
            await RefuseAsync(context, e.Status, e.Status == StatusCodes.Status401Unauthorized ? Unauthenticated : InvalidArgument, e.Message);
        }
        catch (NotSupportedException e)
        {
            await RefuseAsync(
                context, asLoki ? StatusCodes.Status400BadRequest : StatusCodes.Status415UnsupportedMediaType, InvalidArgument, e.Message);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidArgument, e.Message);
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError(e, "Logs that came by OTLP cannot be stored");
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, Unavailable, e.Message);
        }
    }

    private async Task AnswerAsync(HttpContext context, LokiPushOutcome outcome)
    {
        // What a repeat can help is told as such; the rest of a partly bad request is stored, and OTLP has a word for that.
        if (outcome.Status >= StatusCodes.Status429TooManyRequests)
        {
            var status = outcome.Status == StatusCodes.Status429TooManyRequests ? outcome.Status : StatusCodes.Status503ServiceUnavailable;
            await RefuseAsync(context, status, outcome.Status == status ? ResourceExhausted : Unavailable, outcome.Message);
            return;
        }
        if (asLoki && outcome.Message.Length > 0)
        {
            await RefuseAsync(context, outcome.Status, InvalidArgument, outcome.Message);
            return;
        }
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(
            OtlpReply.Success(new OtlpOutcome(outcome.Refused, false, outcome.Message), json, "rejectedLogRecords"), context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, int code, string reason)
    {
        context.Response.StatusCode = status;
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(OtlpReply.Failure(code, reason, json), context.RequestAborted);
    }

    private static bool IsJson(HttpContext context) =>
        context.Request.ContentType?.StartsWith(Json, StringComparison.OrdinalIgnoreCase) ?? false;
}
