namespace Pharos.Query.PromQL.Syntax;

/// <summary>Which experimental parts of the language may be used; what is off is a parse error as in Prometheus.</summary>
public sealed record PromParserOptions
{
    /// <summary>Functions and aggregations that Prometheus has behind <c>promql-experimental-functions</c>.</summary>
    public bool ExperimentalFunctions { get; init; } = true;

    /// <summary><c>anchored</c> and <c>smoothed</c>, in Prometheus behind <c>promql-extended-range-selectors</c>.</summary>
    public bool ExtendedRangeSelectors { get; init; } = true;

    /// <summary><c>fill</c>, <c>fill_left</c> and <c>fill_right</c>, in Prometheus behind
    /// <c>promql-binop-fill-modifiers</c>.</summary>
    public bool FillModifiers { get; init; } = true;
}
