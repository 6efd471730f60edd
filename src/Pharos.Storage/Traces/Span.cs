namespace Pharos.Storage.Traces;

/// <summary>One stored span with everything that its client said. Times are nanoseconds since 1970, UTC.</summary>
public sealed record Span : ISummarizedSpan
{
    public required TraceId TraceId { get; init; }

    public required ulong SpanId { get; init; }

    /// <summary>0 for a root.</summary>
    public ulong ParentSpanId { get; init; }

    public string Name { get; init; } = "";

    public SpanKind Kind { get; init; }

    public long StartNs { get; init; }

    public long EndNs { get; init; }

    public long DurationNs => EndNs - StartNs;

    public SpanStatus Status { get; init; }

    public string StatusMessage { get; init; } = "";

    public string TraceState { get; init; } = "";

    /// <summary>W3C trace flags and OTLP's bits above them.</summary>
    public uint Flags { get; init; }

    public SpanResource Resource { get; init; } = SpanResource.None;

    public SpanScope Scope { get; init; } = SpanScope.None;

    public IReadOnlyList<SpanAttribute> Attributes { get; init; } = [];

    public uint DroppedAttributes { get; init; }

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    public uint DroppedEvents { get; init; }

    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public uint DroppedLinks { get; init; }

    string ISummarizedSpan.ServiceName => Resource.ServiceName;
}
