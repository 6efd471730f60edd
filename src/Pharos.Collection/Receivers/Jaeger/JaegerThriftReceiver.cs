using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>Takes the bodies that Jaeger's clients send over HTTP: a bare <c>Batch</c> in Thrift's binary protocol.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class JaegerThriftReceiver(SpanIntake intake)
{
    /// <exception cref="InvalidDataException">The body is no batch; nothing of it is stored.</exception>
    /// <exception cref="IOException">The store refuses; the client may try again.</exception>
    public SpanIntakeOutcome Receive(ReadOnlyMemory<byte> body)
    {
        var batch = new SpanBatch();
        var writer = new JaegerSpanWriter(batch);
        var reader = new ThriftBinaryReader(body.Span);
        new JaegerThrift(writer).ReadBatch(ref reader);
        var outcome = batch.Count == 0 ? SpanIntakeOutcome.Taken : intake.Accept(batch, SpanProtocol.JaegerHttp);
        return writer.Rejected == 0 || outcome.Retry ? outcome
            : outcome with { Rejected = outcome.Rejected + writer.Rejected, Message = outcome.Message.Length > 0 ? outcome.Message : "spans without ids" };
    }
}
