using System.Text.Json.Nodes;
using Pharos.Alerting.Routing;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Cli.Commands.Alerts;

/// <summary>Labels and matchers as amtool takes them: words, of which a first one that is no matcher is the alert's name.</summary>
internal static class MatcherWords
{
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> words) =>
        words.Count > 0 && MatcherParser.ParseOne(words[0]).Error is not null
            ? [$"alertname={GoQuote.Quote(words[0])}", .. words.Skip(1)] : words;

    /// <exception cref="FormatException">A word is no matcher.</exception>
    public static IEnumerable<LabelMatcher> Matchers(IReadOnlyList<string> words) => Complete(words).Select(Matcher);

    /// <summary>Words of which each is a label: <c>name=value</c>.</summary>
    /// <exception cref="FormatException">One is not.</exception>
    public static Dictionary<string, string> Labels(IReadOnlyList<string> words)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var matcher in words.Select(Matcher))
        {
            labels[matcher.Name] = matcher.Type is MatchType.Equal ? matcher.Value
                : throw new FormatException("labels must be specified as key=value pairs");
        }
        return labels;
    }

    public static JsonObject Json(IEnumerable<KeyValuePair<string, string>> labels) =>
        new(labels.Select(static label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));

    private static LabelMatcher Matcher(string word)
    {
        var parsed = MatcherParser.ParseOne(word);
        return parsed.Error is { } error ? throw new FormatException(error) : parsed.Matchers[0];
    }
}
