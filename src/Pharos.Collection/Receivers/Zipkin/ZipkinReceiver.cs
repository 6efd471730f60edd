using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Zipkin.V1;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Zipkin;

/// <summary>Takes the bodies that Zipkin's clients send, each of them whole or not at all.</summary>
/// <remarks>Thread-safe.</remarks>
/// <exception cref="InvalidDataException">Thrown for a body that is no list of spans.</exception>
/// <exception cref="IOException">Thrown where the store refuses; the client may try again.</exception>
public sealed class ZipkinReceiver(SpanIntake intake, TimeProvider time)
{
    /// <summary>Spans of the second format in JSON.</summary>
    public SpanIntakeOutcome ReceiveJson(ReadOnlyMemory<byte> body)
    {
        var batch = new SpanBatch();
        new ZipkinJson().Read(body.Span, new ZipkinSpanWriter(batch, NowNs()).Write);
        return Accept(batch);
    }

    /// <summary>Spans of the second format in protobuf.</summary>
    public SpanIntakeOutcome ReceiveProtobuf(ReadOnlyMemory<byte> body)
    {
        var batch = new SpanBatch();
        new ZipkinProtobuf().Read(body.Span, new ZipkinSpanWriter(batch, NowNs()).Write);
        return Accept(batch);
    }

    /// <summary>Spans of the first format in JSON.</summary>
    public SpanIntakeOutcome ReceiveV1Json(ReadOnlyMemory<byte> body)
    {
        var batch = new SpanBatch();
        new ZipkinV1Json().Read(body.Span, new ZipkinV1Writer(batch, NowNs()).Write);
        return Accept(batch);
    }

    /// <summary>Spans of the first format in Thrift's binary protocol.</summary>
    public SpanIntakeOutcome ReceiveV1Thrift(ReadOnlyMemory<byte> body)
    {
        var batch = new SpanBatch();
        var reader = new ThriftBinaryReader(body.Span);
        new ZipkinThrift().Read(ref reader, new ZipkinV1Writer(batch, NowNs()).Write);
        return Accept(batch);
    }

    private SpanIntakeOutcome Accept(SpanBatch batch) => batch.Count == 0 ? SpanIntakeOutcome.Taken
        : intake.Accept(batch, SpanProtocol.ZipkinHttp);

    private long NowNs() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
