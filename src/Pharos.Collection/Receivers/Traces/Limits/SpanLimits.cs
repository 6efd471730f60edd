namespace Pharos.Collection.Receivers.Traces.Limits;

/// <summary>What one span may bring. What is beyond is cut off and counted; the span is stored, and says so.</summary>
public sealed record SpanLimits
{
    public static readonly SpanLimits Default = new();

    /// <summary>Of a span, and of each of its events and links, of a scope and of a resource.</summary>
    public int Attributes { get; init; } = 128;

    /// <summary>Bytes of a text: an attribute's value, a name, a message.</summary>
    public int ValueBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of an attribute's key.</summary>
    public int KeyBytes { get; init; } = 1 << 10;

    public int Events { get; init; } = 1_024;

    public int Links { get; init; } = 1_024;

    /// <summary>Spans of a batch; the rest of it is refused.</summary>
    public int BatchSpans { get; init; } = 250_000;
}
