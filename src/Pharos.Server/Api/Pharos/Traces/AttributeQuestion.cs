using System.Globalization;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Search;

namespace Pharos.Server.Api.Pharos.Traces;

/// <summary>Reads what is asked of an attribute: <c>key</c>, <c>key=value</c>, <c>key!=value</c>, <c>key=~pattern</c>, <c>key!~pattern</c>,
/// <c>key&gt;5</c> and the like.</summary>
/// <remarks><c>=</c> compares as text, so that <c>http.status_code=200</c> finds numbers and texts; the others compare with what the value
/// looks like: a number, <c>true</c> or <c>false</c>, else a text. <c>span.kind</c> and <c>error</c> ask for the span's own, as in Jaeger.</remarks>
internal static class AttributeQuestion
{
    /// <summary>Those that begin like another stand before it.</summary>
    private static readonly (string Sign, SpanOperator Operator)[] Signs =
    [
        ("=~", SpanOperator.Matches), ("!~", SpanOperator.NotMatches), ("!=", SpanOperator.NotEqual), (">=", SpanOperator.GreaterOrEqual),
        ("<=", SpanOperator.LessOrEqual), ("=", SpanOperator.TextEqual), (">", SpanOperator.Greater), ("<", SpanOperator.Less),
    ];

    /// <returns>The condition, or null with the reason.</returns>
    public static SpanCondition? Read(string text, out string error)
    {
        error = "";
        var at = text.AsSpan().IndexOfAny("=!<>");
        var (key, sign, value) = (text.Trim(), "", "");
        var compares = SpanOperator.Exists;
        if (at >= 0)
        {
            var found = Array.Find(Signs, one => text.AsSpan(at).StartsWith(one.Sign, StringComparison.Ordinal));
            (key, sign, compares) = (text[..at].Trim(), found.Sign ?? "", found.Operator);
            value = text[(at + sign.Length)..].Trim();
        }
        if (key.Length == 0 || (at >= 0 && sign.Length == 0))
        {
            error = $"attribute must be key, key=value, key!=value, key=~pattern, key!~pattern or key>number, not {GoQuote.Quote(text)}";
            return null;
        }
        if (Intrinsic(key, compares, value) is { } intrinsic)
        {
            return intrinsic;
        }
        var condition = new SpanCondition(SpanField.Attribute, compares, compares is SpanOperator.TextEqual ? AttributeValue.OfText(value) : Typed(value))
        {
            Key = key,
            Scopes = AttributeScopes.Jaeger,
        };
        if (compares is not (SpanOperator.Matches or SpanOperator.NotMatches))
        {
            return condition;
        }
        try
        {
            return condition with { Pattern = GoRegex.Anchored(value) };
        }
        catch (GoRegexException problem)
        {
            error = $"attribute {GoQuote.Quote(key)}: {problem.Message}";
            return null;
        }
    }

    private static SpanCondition? Intrinsic(string key, SpanOperator compares, string value)
    {
        if (compares is not (SpanOperator.TextEqual or SpanOperator.NotEqual))
        {
            return null;
        }
        var equal = compares is SpanOperator.TextEqual ? SpanOperator.Equal : SpanOperator.NotEqual;
        return key switch
        {
            "span.kind" when Enum.TryParse<SpanKind>(value, ignoreCase: true, out var kind) =>
                new SpanCondition(SpanField.Kind, equal, AttributeValue.OfInt((long)kind)),
            "error" when bool.TryParse(value, out var isError) => new SpanCondition(
                SpanField.Status, isError == (equal is SpanOperator.Equal) ? SpanOperator.Equal : SpanOperator.NotEqual,
                AttributeValue.OfInt((long)SpanStatus.Error)),
            _ => null,
        };
    }

    private static AttributeValue Typed(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? AttributeValue.OfInt(whole)
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? AttributeValue.OfDouble(number)
        : value is "true" or "false" ? AttributeValue.OfBool(value is "true")
        : AttributeValue.OfText(value);
}
