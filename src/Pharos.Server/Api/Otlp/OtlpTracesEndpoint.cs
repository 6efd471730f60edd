using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Collection.Receivers.Traces;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Otlp;

/// <summary>OTLP traces: <c>/v1/traces</c>, protobuf and JSON, and by gRPC. Answers are in the request's encoding; what a repeat can help is
/// told as such.</summary>
internal sealed class OtlpTracesEndpoint(OtlpTracesReceiver receiver, TraceTenancy tenancy, ILogger logger)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    /// <summary>When a sender that was refused for overload is to try again.</summary>
    private const string RetryAfterSeconds = "1";

    /// <summary>By gRPC.</summary>
    public GrpcMethod Method => new("OTLP traces", AnswerGrpc, logger);

    public async Task AnswerAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (type is not (Protobuf or Json))
        {
            await RefuseAsync(
                context, StatusCodes.Status415UnsupportedMediaType, GrpcCode.InvalidArgument,
                $"unsupported content type: {type}, supported: [{Json}, {Protobuf}]");
            return;
        }
        if (tenancy.Of(context, out var refusal) is not { } tenant)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, GrpcCode.Unauthenticated, refusal);
            return;
        }
        try
        {
            using var body = await WholeBody.ReadAsync(context.Request);
            var outcome = await Task.Run(
                () => type == Json ? receiver.ReceiveJson(tenant, body.Written) : receiver.ReceiveProtobuf(tenant, body.Written.Span), context.RequestAborted);
            await AnswerAsync(context, outcome);
        }
        catch (NotSupportedException e)
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, GrpcCode.InvalidArgument, e.Message);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, GrpcCode.InvalidArgument, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(
                context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? GrpcCode.ResourceExhausted : GrpcCode.InvalidArgument,
                e.Message);
        }
        catch (IOException e) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.LogError(e, "Spans that came by OTLP cannot be stored");
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, GrpcCode.Unavailable, e.Message);
        }
    }

    private GrpcAnswer AnswerGrpc(HttpContext context, ReadOnlyMemory<byte> message) => tenancy.Of(context, out var refusal) is { } tenant
        ? OtlpService.Answer(receiver.ReceiveProtobuf(tenant, message.Span, SpanProtocol.OtlpGrpc)) : GrpcAnswer.Failed(GrpcCode.Unauthenticated, refusal);

    private static async Task AnswerAsync(HttpContext context, SpanIntakeOutcome outcome)
    {
        if (outcome.Retry)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, GrpcCode.Unavailable, outcome.Message);
            return;
        }
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(
            OtlpReply.Success(new OtlpOutcome(outcome.Rejected, false, outcome.Message), json, "rejectedSpans"), context.RequestAborted);
    }

    private static async Task RefuseAsync(HttpContext context, int status, GrpcCode code, string reason)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }
        var json = IsJson(context);
        context.Response.ContentType = json ? Json : Protobuf;
        await context.Response.Body.WriteAsync(OtlpReply.Failure((int)code, reason, json), context.RequestAborted);
    }

    private static bool IsJson(HttpContext context) =>
        context.Request.ContentType?.StartsWith(Json, StringComparison.OrdinalIgnoreCase) ?? false;
}
