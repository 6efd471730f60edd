namespace Pharos.Storage.Traces;

/// <summary>Where an attribute may stand.</summary>
[Flags]
public enum AttributeScopes : byte
{
    None = 0,
    Span = 1,
    Resource = 2,
    Scope = 4,
    Event = 8,
    Link = 16,

    /// <summary>Where TraceQL looks for <c>.key</c>.</summary>
    SpanOrResource = Span | Resource,

    /// <summary>Where Jaeger looks for a tag: span tags, process tags and log fields.</summary>
    Jaeger = Span | Resource | Event,
    All = Span | Resource | Scope | Event | Link,
}
