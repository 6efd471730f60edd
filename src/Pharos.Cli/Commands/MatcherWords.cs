using System.Text.Json.Nodes;
using Pharos.Storage.Text;

namespace Pharos.Cli.Commands;

/// <summary>Labels and matchers as amtool takes them: words, of which a first one without an operator is the alert's name.</summary>
internal static class MatcherWords
{
    public static IEnumerable<string> Complete(IReadOnlyList<string> words) => words.Select((word, index) =>
        index == 0 && !word.Contains('=') && !word.Contains("!~", StringComparison.Ordinal)
            ? $"alertname={GoQuote.Quote(word)}" : word);

    /// <exception cref="FormatException">A word is not <c>name=value</c>.</exception>
    public static JsonObject Pairs(IReadOnlyList<string> words)
    {
        var pairs = new JsonObject();
        for (var i = 0; i < words.Count; i++)
        {
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                pairs[i == 0 && equals < 0 ? "alertname" : throw new FormatException($"{words[i]} is not name=value")] = words[i];
                continue;
            }
            var value = words[i][(equals + 1)..];
            pairs[words[i][..equals]] = GoQuote.TryUnquote(value, out var unquoted) ? unquoted : value;
        }
        return pairs;
    }
}
