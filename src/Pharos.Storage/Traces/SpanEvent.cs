namespace Pharos.Storage.Traces;

/// <summary>Something that happened during a span; a log of Jaeger, an annotation of Zipkin.</summary>
/// <param name="TimeNs">Nanoseconds since 1970, UTC.</param>
public sealed record SpanEvent(long TimeNs, string Name, IReadOnlyList<SpanAttribute> Attributes, uint DroppedAttributes);
