namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>Where an attribute is looked for.</summary>
public enum FieldScope
{
    /// <summary>At the span, then at its resource.</summary>
    Any,
    Span,
    Resource,
    Event,
    Link,
    Instrumentation,
}
