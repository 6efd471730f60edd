namespace Pharos.Storage.Traces.Batches;

/// <summary>A scope in a <see cref="SpanBatch"/>.</summary>
public struct ScopeRow
{
    /// <summary>Index of the resource that it stands below.</summary>
    public int Resource { get; set; }

    public BatchText Name { get; set; }

    public BatchText Version { get; set; }

    public AttributeRange Attributes { get; set; }

    public uint DroppedAttributes { get; set; }

    public BatchText SchemaUrl { get; set; }
}
