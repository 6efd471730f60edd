using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Otlp;
using Pharos.Collection.Receivers.Traces;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Api.Loki;

namespace Pharos.Server.Api.Otlp;

/// <summary>OTLP over gRPC: one unary method for each signal.</summary>
internal static class OtlpService
{
    public const string MetricsPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    public const string LogsPath = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

    public const string TracesPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    public static GrpcMethod Of(string signal, Func<HttpContext, ReadOnlyMemory<byte>, OtlpOutcome> receive, ILogger logger) =>
        new($"OTLP {signal}", (context, message) => Answer(context, message, receive), logger);

    /// <summary>What an outcome of spans is in the trailers: overload asks for a repeat, before anything is taken.</summary>
    public static GrpcAnswer Answer(SpanIntakeOutcome outcome) => outcome.Retry
        ? GrpcAnswer.Failed(GrpcCode.Unavailable, outcome.Message)
        : GrpcAnswer.Ok(OtlpReply.Success(new OtlpOutcome(outcome.Rejected, false, outcome.Message), json: false));

    private static GrpcAnswer Answer(
        HttpContext context, ReadOnlyMemory<byte> message, Func<HttpContext, ReadOnlyMemory<byte>, OtlpOutcome> receive)
    {
        try
        {
            return GrpcAnswer.Ok(OtlpReply.Success(receive(context, message), json: false));
        }
        catch (LokiRefusal e)
        {
            var status = e.Status switch
            {
                StatusCodes.Status401Unauthorized => GrpcCode.Unauthenticated,
                StatusCodes.Status429TooManyRequests => GrpcCode.ResourceExhausted,
                StatusCodes.Status503ServiceUnavailable => GrpcCode.Unavailable,
                _ => GrpcCode.InvalidArgument,
            };
            return GrpcAnswer.Failed(status, e.Message);
        }
    }
}
