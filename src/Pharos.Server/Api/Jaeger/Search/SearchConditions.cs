using Pharos.Server.Api.Jaeger.Model;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Jaeger.Search;

/// <summary>What a tag of a search asks of a span. A few keys stand for fields: those that Jaeger shows as tags, and Jaeger 2's own.</summary>
internal static class SearchConditions
{
    private const string OfResource = "resource.";

    /// <summary>No span has it.</summary>
    private const long None = -1;

    public static SpanCondition Of(SearchTag tag) => tag.Key switch
    {
        "error" => Failed(tag.Value),
        "span.kind" => Number(SpanField.Kind, SpanOperator.Equal, KindOf(tag.Value)),
        "span.status" or "otel.status_code" => Number(SpanField.Status, SpanOperator.Equal, StatusOf(tag.Value)),
        "otel.status_description" => Text(SpanField.StatusMessage, tag.Value),
        "scope.name" or "otel.scope.name" or "otel.library.name" => Text(SpanField.ScopeName, tag.Value),
        "scope.version" or "otel.scope.version" or "otel.library.version" => Text(SpanField.ScopeVersion, tag.Value),
        _ when tag.Key.StartsWith(OfResource, StringComparison.Ordinal) => Attribute(tag.Key[OfResource.Length..], tag.Value, AttributeScopes.Resource),
        _ => Attribute(tag.Key, tag.Value, AttributeScopes.All),
    };

    public static SpanCondition Text(SpanField field, string value) => new(field, SpanOperator.Equal, AttributeValue.OfText(value));

    public static SpanCondition Number(SpanField field, SpanOperator compares, long value) => new(field, compares, AttributeValue.OfInt(value));

    private static SpanCondition Attribute(string key, string value, AttributeScopes scopes) =>
        new(SpanField.Attribute, SpanOperator.TextEqual, AttributeValue.OfText(value)) { Key = key, Scopes = scopes };

    /// <summary>Whether a span failed; of a value that is neither yes nor no nothing holds.</summary>
    private static SpanCondition Failed(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => Number(SpanField.Status, SpanOperator.Equal, (long)SpanStatus.Error),
        "0" or "f" or "F" or "false" or "FALSE" or "False" => Number(SpanField.Status, SpanOperator.NotEqual, (long)SpanStatus.Error),
        _ => Number(SpanField.Status, SpanOperator.Equal, None),
    };

    private static long KindOf(string value)
    {
        foreach (var kind in Enum.GetValues<SpanKind>())
        {
            if (string.Equals(JaegerTags.KindOf(kind), value, StringComparison.OrdinalIgnoreCase))
            {
                return (long)kind;
            }
        }
        return string.Equals(value, "unspecified", StringComparison.OrdinalIgnoreCase) ? (long)SpanKind.Unspecified : None;
    }

    private static long StatusOf(string value) => value.ToUpperInvariant() switch
    {
        "OK" => (long)SpanStatus.Ok,
        "ERROR" => (long)SpanStatus.Error,
        "UNSET" => (long)SpanStatus.Unset,
        _ => None,
    };
}
