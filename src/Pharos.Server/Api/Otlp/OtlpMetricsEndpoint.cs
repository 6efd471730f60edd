using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Otlp;

namespace Pharos.Server.Api.Otlp;

/// <summary>OTLP metrics over HTTP, protobuf and JSON: <c>/v1/metrics</c> as OpenTelemetry's collector answers it, and
/// <c>/api/v1/otlp/v1/metrics</c> as Prometheus does, with errors in plain text.</summary>
internal sealed class OtlpMetricsEndpoint(OtlpMetricsReceiver? receiver, bool asPrometheus, ILogger logger)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    // google.rpc.Code
    private const int InvalidArgument = 3;
    private const int Internal = 13;

    public async Task AnswerAsync(HttpContext context)
    {
        if (receiver is null)
        {
            await RefuseAsync(
                context, StatusCodes.Status404NotFound, InvalidArgument,
                "otlp write receiver needs to be enabled with --web.enable-otlp-receiver");
            return;
        }
        var type = context.Request.ContentType ?? "";
        if (MediaType(type) is not (Protobuf or Json))
        {
            await RefuseAsync(
                context, asPrometheus ? StatusCodes.Status400BadRequest : StatusCodes.Status415UnsupportedMediaType, InvalidArgument,
                $"unsupported content type: {type}, supported: [{Json}, {Protobuf}]");
            return;
        }
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "gzip" or "identity"))
        {
            await RefuseAsync(
                context, asPrometheus ? StatusCodes.Status400BadRequest : StatusCodes.Status415UnsupportedMediaType, InvalidArgument,
                $"unsupported compression: {encoding}. Only \"gzip\" or no compression supported");
            return;
        }
        try
        {
            using var body = await WholeBody.ReadAsync(context.Request);
            var outcome = await Task.Run(
                () => IsJson(context) ? receiver.ReceiveJson(body.Written) : receiver.ReceiveProtobuf(body.Written.Span), context.RequestAborted);
            await AnswerAsync(context, outcome);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidArgument, e.Message);
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError(e, "Metrics that came by OTLP cannot be stored");
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, Internal, e.Message);
        }
    }

    private async Task AnswerAsync(HttpContext context, OtlpOutcome outcome)
    {
        if (outcome.Reasons.Length > 0)
        {
            logger.LogWarning("Of metrics that came by OTLP, {Count} points are not stored: {Reasons}", outcome.Rejected, outcome.Reasons);
        }
        if (asPrometheus && outcome.RefusedByStore)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidArgument, outcome.Reasons);
            return;
        }
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(OtlpReply.Success(outcome, json), context.RequestAborted);
    }

    private async Task RefuseAsync(HttpContext context, int status, int code, string reason)
    {
        context.Response.StatusCode = status;
        if (asPrometheus)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(reason + "\n", context.RequestAborted);
            return;
        }
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(OtlpReply.Failure(code, reason, json), context.RequestAborted);
    }

    private static bool IsJson(HttpContext context) => MediaType(context.Request.ContentType ?? "") == Json;

    private static string MediaType(string contentType) => contentType.Split(';')[0].Trim().ToLowerInvariant();
}
