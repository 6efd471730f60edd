using Pharos.Storage.Text;

namespace Pharos.Storage.Traces.Search;

/// <summary>Something that holds of a span or not. An attribute that stands several times needs to satisfy it once.</summary>
public sealed record SpanCondition(SpanField Field, SpanOperator Operator, AttributeValue Value)
{
    /// <summary>Of <see cref="SpanField.Attribute"/>.</summary>
    public string Key { get; init; } = "";

    public AttributeScopes Scopes { get; init; } = AttributeScopes.SpanOrResource;

    /// <summary>For the operators that match; anchored at both ends.</summary>
    public GoRegex? Pattern { get; init; }
}
