using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Records;

/// <summary>The fields of a span in a record, texts by number.</summary>
/// <param name="Fields">Which of those are there that most spans lack.</param>
/// <param name="Scope">Index of its scope.</param>
/// <param name="AttributesAt">Where its attributes begin in the record; events and links follow.</param>
internal readonly record struct RecordSpan(
    long DurationNs, SpanFields Fields, byte Kind, byte Status, int Scope, int Name, ulong ParentSpanId, int StatusMessage, int TraceState, uint Flags,
    uint DroppedAttributes, uint DroppedEvents, uint DroppedLinks, int AttributesAt)
{
    /// <exception cref="Files.CorruptFileException">The record makes no sense there.</exception>
    public static RecordSpan Read(SpanRecord record, int span)
    {
        var reader = new ByteReader(record.Payload.AsSpan(record.Spans[span]), "a record of spans")
        {
            Position = TraceId.Size + sizeof(ulong) + sizeof(ulong),
        };
        var durationNs = reader.Varint();
        var fields = (SpanFields)reader.U8();
        var (kind, status) = (reader.U8(), reader.U8());
        var (scope, name) = (Below(ref reader, record.Scopes.Length), Text(ref reader, record));
        var parent = (fields & SpanFields.Parent) != 0 ? reader.U64() : 0;
        var (message, traceState, flags, droppedAttributes, droppedEvents, droppedLinks) = (0, 0, 0u, 0u, 0u, 0u);
        if ((fields & (SpanFields.StatusMessage | SpanFields.TraceState | SpanFields.Flags | SpanFields.Dropped)) != 0)
        {
            message = (fields & SpanFields.StatusMessage) != 0 ? Text(ref reader, record) : 0;
            traceState = (fields & SpanFields.TraceState) != 0 ? Text(ref reader, record) : 0;
            flags = (fields & SpanFields.Flags) != 0 ? (uint)reader.UVarint() : 0;
            if ((fields & SpanFields.Dropped) != 0)
            {
                (droppedAttributes, droppedEvents, droppedLinks) = ((uint)reader.UVarint(), (uint)reader.UVarint(), (uint)reader.UVarint());
            }
        }
        return new RecordSpan(durationNs, fields, kind, status, scope, name, parent, message, traceState, flags,
            droppedAttributes, droppedEvents, droppedLinks, record.Spans[span] + reader.Position);
    }

    private static int Text(ref ByteReader reader, SpanRecord record) => Below(ref reader, record.Texts.Length + 1);

    private static int Below(ref ByteReader reader, int limit)
    {
        var number = reader.UVarint();
        return number < (ulong)limit ? (int)number : throw reader.Corrupt($"number {number} of {limit}");
    }
}
