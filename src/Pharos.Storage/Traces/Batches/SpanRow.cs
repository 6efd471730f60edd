namespace Pharos.Storage.Traces.Batches;

/// <summary>A span in a <see cref="SpanBatch"/>; its fields are as in <see cref="Span"/>.</summary>
public struct SpanRow
{
    public TraceId TraceId { get; set; }

    public ulong SpanId { get; set; }

    /// <summary>0 for a root.</summary>
    public ulong ParentSpanId { get; set; }

    public long StartNs { get; set; }

    public long EndNs { get; set; }

    public SpanKind Kind { get; set; }

    public SpanStatus Status { get; set; }

    public uint Flags { get; set; }

    public BatchText Name { get; set; }

    public BatchText StatusMessage { get; set; }

    public BatchText TraceState { get; set; }

    public uint DroppedAttributes { get; set; }

    public uint DroppedEvents { get; set; }

    public uint DroppedLinks { get; set; }

    public AttributeRange Attributes { get; set; }

    /// <summary>Index of the scope, which knows the resource.</summary>
    public int ScopeIndex { get; internal set; }

    public int EventCount { get; internal set; }

    public int LinkCount { get; internal set; }

    internal int FirstEvent { get; init; }

    internal int FirstLink { get; init; }

    /// <summary>How far the batch's attributes went before this span.</summary>
    internal int FirstAttribute { get; init; }

    internal int FirstByte { get; init; }
}
