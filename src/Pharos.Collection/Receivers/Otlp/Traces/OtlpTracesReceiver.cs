using System.Collections.Concurrent;
using Pharos.Collection.Receivers.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Takes OpenTelemetry's spans in.</summary>
/// <remarks>Thread-safe. Decoders and their batches are used again.</remarks>
public sealed class OtlpTracesReceiver(SpanIntake intake)
{
    /// <summary>Decoders that wait for the next request; more are thrown away.</summary>
    private const int MaxIdle = 8;

    /// <summary>A batch that one large request has grown beyond this is not kept.</summary>
    private const int MaxIdleBytes = 4 << 20;

    private readonly ConcurrentBag<Decoder> _idle = [];

    /// <param name="tenant">Whose spans they are; empty where nobody asks for tenants.</param>
    /// <param name="protocol">How they came.</param>
    /// <exception cref="InvalidDataException">The bytes are no such message; nothing is stored.</exception>
    /// <exception cref="IOException">The disk refused; nothing is stored.</exception>
    public SpanIntakeOutcome ReceiveProtobuf(string tenant, ReadOnlySpan<byte> message, SpanProtocol protocol = SpanProtocol.OtlpHttp)
    {
        var decoder = Take();
        try
        {
            decoder.Batch.Tenant = tenant;
            return Accept(decoder.Batch, decoder.Protobuf.Read(message), protocol);
        }
        finally
        {
            Return(decoder);
        }
    }

    /// <inheritdoc cref="ReceiveProtobuf"/>
    public SpanIntakeOutcome ReceiveJson(string tenant, ReadOnlyMemory<byte> text)
    {
        var decoder = Take();
        try
        {
            decoder.Batch.Tenant = tenant;
            return Accept(decoder.Batch, decoder.Json.Read(text), SpanProtocol.OtlpHttp);
        }
        finally
        {
            Return(decoder);
        }
    }

    private SpanIntakeOutcome Accept(SpanBatch batch, RejectedSpans rejected, SpanProtocol protocol)
    {
        var outcome = batch.Count == 0 ? SpanIntakeOutcome.Taken : intake.Accept(batch, protocol);
        return outcome.Retry || rejected.Count == 0 ? outcome
            : new SpanIntakeOutcome(
                outcome.Rejected + rejected.Count, outcome.Message.Length == 0 ? rejected.Reason : $"{rejected.Reason}; {outcome.Message}", false);
    }

    private Decoder Take()
    {
        if (!_idle.TryTake(out var decoder))
        {
            decoder = new Decoder();
        }
        return decoder;
    }

    private void Return(Decoder decoder)
    {
        if (decoder.Batch.TextBytes > MaxIdleBytes || _idle.Count >= MaxIdle)
        {
            decoder.Dispose();
            return;
        }
        decoder.Batch.Clear();
        _idle.Add(decoder);
    }

    private sealed class Decoder : IDisposable
    {
        public Decoder()
        {
            Protobuf = new OtlpTraceProtobuf(Batch);
            Json = new OtlpTraceJson(Batch);
        }

        public SpanBatch Batch { get; } = new();

        public OtlpTraceProtobuf Protobuf { get; }

        public OtlpTraceJson Json { get; }

        public void Dispose()
        {
            Protobuf.Dispose();
            Json.Dispose();
        }
    }
}
