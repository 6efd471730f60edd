using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Routing;

/// <summary>Writes matchers as Alertmanager does in route keys and in its API: <c>{a="b",c=~"d"}</c>.</summary>
public static class MatcherText
{
    /// <summary>Sorted by name, value and type, without blanks.</summary>
    public static string Of(IEnumerable<LabelMatcher> matchers)
    {
        var sorted = matchers
            .OrderBy(matcher => matcher.Name, StringComparer.Ordinal)
            .ThenBy(matcher => matcher.Value, StringComparer.Ordinal)
            .ThenBy(matcher => matcher.Type);
        return $"{{{string.Join(',', sorted.Select(Of))}}}";
    }

    public static string Of(LabelMatcher matcher) => Utf8MatcherParser.IsBare(matcher.Name)
        ? $"{matcher.Name}{LabelMatcher.Symbol(matcher.Type)}\"{Escape(matcher.Value)}\""
        : $"{GoQuote.Quote(matcher.Name)}{LabelMatcher.Symbol(matcher.Type)}{GoQuote.Quote(matcher.Value)}";

    /// <summary>A label set as in group keys: <c>{a="b", c="d"}</c>, names never quoted.</summary>
    public static string Of(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (var label in labels.Span)
        {
            text.Append(text.Length > 1 ? ", " : "").Append(label.Name).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    private static string Escape(string value) => value
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal);
}
