using Pharos.Collection.Receivers.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Takes what Jaeger's agents and collectors send by gRPC: <c>jaeger.api_v2.CollectorService/PostSpans</c>.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class JaegerGrpcReceiver(SpanIntake intake)
{
    /// <param name="tenant">Whose spans they are; empty where nobody asks for tenants.</param>
    /// <exception cref="InvalidDataException">The bytes are no such message; nothing is stored.</exception>
    /// <exception cref="IOException">The disk refused; nothing is stored.</exception>
    public SpanIntakeOutcome Receive(string tenant, ReadOnlySpan<byte> message)
    {
        var batch = new SpanBatch { Tenant = tenant };
        var writer = new JaegerSpanWriter(batch);
        new JaegerProtobuf(writer).ReadRequest(message);
        var outcome = batch.Count == 0 ? SpanIntakeOutcome.Taken : intake.Accept(batch, SpanProtocol.JaegerGrpc);
        return writer.Rejected == 0 || outcome.Retry ? outcome
            : outcome with { Rejected = outcome.Rejected + writer.Rejected, Message = outcome.Message.Length > 0 ? outcome.Message : "spans without ids" };
    }
}
