namespace Pharos.Storage.Traces.Batches;

/// <summary>An event in a <see cref="SpanBatch"/>.</summary>
public struct EventRow
{
    public long TimeNs { get; set; }

    public BatchText Name { get; set; }

    public AttributeRange Attributes { get; set; }

    public uint DroppedAttributes { get; set; }
}
