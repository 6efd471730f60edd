using System.Numerics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>How many bytes a span takes as OTLP's protobuf, whatever it came as; of lists and maps, how many their JSON does.</summary>
internal static class SpanSize
{
    /// <summary>Tag and content of a number of eight bytes; ids of spans come with a length, too.</summary>
    private const int Fixed64 = 9;
    private const int SpanId = 10;
    private const int TraceId = 18;
    private const int Fixed32 = 5;

    public static int Of(SpanBatch batch, in SpanRow row)
    {
        var size = TraceId + SpanId + (row.ParentSpanId != 0 ? SpanId : 0) + (2 * Fixed64)
            + (row.Kind != SpanKind.Unspecified ? 2 : 0) + (row.Flags != 0 ? Fixed32 : 0)
            + Text(row.Name) + Text(row.TraceState) + Attributes(batch, row.Attributes)
            + Number(row.DroppedAttributes) + Number(row.DroppedEvents) + Number(row.DroppedLinks);
        var status = Text(row.StatusMessage) + Number((uint)row.Status);
        size += status > 0 ? Message(status) : 0;
        foreach (ref readonly var happened in batch.EventsOf(row))
        {
            size += Message(Fixed64 + Text(happened.Name) + Attributes(batch, happened.Attributes) + Number(happened.DroppedAttributes));
        }
        foreach (ref readonly var link in batch.LinksOf(row))
        {
            size += Message(TraceId + SpanId + Text(link.TraceState) + Attributes(batch, link.Attributes) + Number(link.DroppedAttributes)
                + (link.Flags != 0 ? Fixed32 : 0));
        }
        return size;
    }

    private static int Attributes(SpanBatch batch, AttributeRange range)
    {
        var size = 0;
        for (var at = range.First; at != AttributeRange.End; at = batch.Attribute(at).Next)
        {
            ref readonly var row = ref batch.Attribute(at);
            var value = row.Kind switch
            {
                AttributeKind.Bool => 2,
                AttributeKind.Int => 1 + Varint((ulong)row.Bits),
                AttributeKind.Double => Fixed64,
                AttributeKind.Empty => 0,
                _ => Message(row.Text.Length),
            };
            size += Message(Text(row.Key) + Message(value));
        }
        return size;
    }

    private static int Text(BatchText text) => text.IsEmpty ? 0 : Message(text.Length);

    private static int Number(uint number) => number == 0 ? 0 : 1 + Varint(number);

    /// <summary>Tag, length and content.</summary>
    private static int Message(int bytes) => 1 + Varint((ulong)bytes) + bytes;

    private static int Varint(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;
}
