namespace Pharos.Storage.Traces.Batches;

/// <summary>A link in a <see cref="SpanBatch"/>.</summary>
public struct LinkRow
{
    public TraceId TraceId { get; set; }

    public ulong SpanId { get; set; }

    public BatchText TraceState { get; set; }

    public uint Flags { get; set; }

    public AttributeRange Attributes { get; set; }

    public uint DroppedAttributes { get; set; }
}
