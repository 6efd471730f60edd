namespace Pharos.Storage.Traces;

/// <summary>Another span that this one has to do with and that is not its parent.</summary>
public sealed record SpanLink(
    TraceId TraceId, ulong SpanId, string TraceState, uint Flags, IReadOnlyList<SpanAttribute> Attributes, uint DroppedAttributes);
