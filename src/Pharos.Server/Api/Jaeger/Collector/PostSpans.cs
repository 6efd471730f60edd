using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Server.Api.Grpc;
using Pharos.Server.Traces;

namespace Pharos.Server.Api.Jaeger.Collector;

/// <summary>Jaeger's collector by gRPC: its answer has no room for a part that is refused.</summary>
internal sealed class PostSpans(JaegerGrpcReceiver receiver, TraceTenancy tenancy, ILogger logger)
{
    public const string GrpcPath = "/jaeger.api_v2.CollectorService/PostSpans";

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(GrpcPath, ["POST"], (RequestDelegate)new GrpcMethod("PostSpans", Answer, logger).AnswerAsync);

    private GrpcAnswer Answer(HttpContext context, ReadOnlyMemory<byte> message)
    {
        var outcome = receiver.Receive(JaegerTenancy.OfCall(tenancy, context), message.Span);
        // As Jaeger answers a full queue.
        return outcome.Retry ? GrpcAnswer.Failed(GrpcCode.ResourceExhausted, outcome.Message) : GrpcAnswer.Ok(default);
    }
}
