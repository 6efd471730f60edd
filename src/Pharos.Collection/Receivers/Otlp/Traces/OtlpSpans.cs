using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Otlp.Traces;

/// <summary>Reads OTLP's messages into spans, for whoever shows them and does not store them. What has no valid ids is left out.</summary>
public static class OtlpSpans
{
    /// <exception cref="InvalidDataException">The text is no such message.</exception>
    public static IReadOnlyList<Span> FromJson(ReadOnlyMemory<byte> text)
    {
        var batch = new SpanBatch();
        using var decoder = new OtlpTraceJson(batch);
        decoder.Read(text);
        return batch.ToSpans();
    }

    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static IReadOnlyList<Span> FromProtobuf(ReadOnlySpan<byte> message)
    {
        var batch = new SpanBatch();
        using var decoder = new OtlpTraceProtobuf(batch);
        decoder.Read(message);
        return batch.ToSpans();
    }
}
