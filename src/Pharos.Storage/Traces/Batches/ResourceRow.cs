namespace Pharos.Storage.Traces.Batches;

/// <summary>A resource in a <see cref="SpanBatch"/>.</summary>
public struct ResourceRow
{
    public AttributeRange Attributes { get; set; }

    public uint DroppedAttributes { get; set; }

    public BatchText SchemaUrl { get; set; }
}
