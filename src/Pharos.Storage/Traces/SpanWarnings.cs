namespace Pharos.Storage.Traces;

/// <summary>What was changed about a span as it came in stands in an attribute of it, as Jaeger 2 keeps it: APIs that know warnings
/// show them there and not among the attributes.</summary>
public static class SpanWarnings
{
    /// <summary>The key of the attribute, an array of texts.</summary>
    public const string Key = "@jaeger@warnings";
}
