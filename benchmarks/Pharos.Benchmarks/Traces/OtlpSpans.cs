using System.Buffers.Binary;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Benchmarks.Traces;

/// <summary>Writes a batch as an OTLP ExportTraceServiceRequest: numbers of fields are those of opentelemetry/proto/trace/v1/trace.proto.</summary>
internal static class OtlpSpans
{
    private const int Delimited = 2;
    private const int Fixed64 = 1;
    private const int Fixed32 = 5;

    public static byte[] Write(SpanBatch batch)
    {
        var request = new MemoryStream();
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var span = ref batch[i];
            ref readonly var scope = ref batch.Scope(span.ScopeIndex);
            var resource = new MemoryStream();
            Attributes(resource, 1, batch, batch.ResourceOf(span).Attributes);
            var scopeText = new MemoryStream();
            Bytes(scopeText, 1, batch.Text(scope.Name));
            Bytes(scopeText, 2, batch.Text(scope.Version));
            var scopeSpans = new MemoryStream();
            Bytes(scopeSpans, 1, scopeText.ToArray());
            Bytes(scopeSpans, 2, Span(batch, span));
            var resourceSpans = new MemoryStream();
            Bytes(resourceSpans, 1, resource.ToArray());
            Bytes(resourceSpans, 2, scopeSpans.ToArray());
            Bytes(request, 1, resourceSpans.ToArray());
        }
        return request.ToArray();
    }

    private static byte[] Span(SpanBatch batch, in SpanRow span)
    {
        var into = new MemoryStream();
        Span<byte> id = stackalloc byte[TraceId.Size];
        span.TraceId.WriteTo(id);
        Bytes(into, 1, id);
        BinaryPrimitives.WriteUInt64BigEndian(id, span.SpanId);
        Bytes(into, 2, id[..8]);
        if (span.ParentSpanId != 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(id, span.ParentSpanId);
            Bytes(into, 4, id[..8]);
        }
        Bytes(into, 5, batch.Text(span.Name));
        Varint(into, 6 << 3);
        Varint(into, (ulong)span.Kind);
        Long(into, 7, span.StartNs);
        Long(into, 8, span.EndNs);
        Attributes(into, 9, batch, span.Attributes);
        var status = new MemoryStream();
        Varint(status, 3 << 3);
        Varint(status, (ulong)span.Status);
        Bytes(into, 15, status.ToArray());
        Varint(into, (16 << 3) | Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(id, span.Flags);
        into.Write(id[..4]);
        return into.ToArray();
    }

    private static void Attributes(MemoryStream into, int field, SpanBatch batch, in AttributeRange range)
    {
        for (var at = range.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref var row = ref batch.Attribute(at);
            var value = new MemoryStream();
            if (row.Kind == AttributeKind.Int)
            {
                Varint(value, 3 << 3);
                Varint(value, (ulong)row.Bits);
            }
            else
            {
                Bytes(value, 1, batch.Text(row.Text));
            }
            var pair = new MemoryStream();
            Bytes(pair, 1, batch.Text(row.Key));
            Bytes(pair, 2, value.ToArray());
            Bytes(into, field, pair.ToArray());
        }
    }

    private static void Long(MemoryStream into, int field, long value)
    {
        Varint(into, (ulong)((field << 3) | Fixed64));
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        into.Write(bytes);
    }

    private static void Bytes(MemoryStream into, int field, ReadOnlySpan<byte> bytes)
    {
        Varint(into, (ulong)((field << 3) | Delimited));
        Varint(into, (ulong)bytes.Length);
        into.Write(bytes);
    }

    private static void Varint(MemoryStream into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            into.WriteByte((byte)(value | 0x80));
        }
        into.WriteByte((byte)value);
    }
}
