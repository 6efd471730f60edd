using System.Text;
using System.Text.RegularExpressions;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Routing;

/// <summary>Alertmanager's older notation: legacy label names, values with or without double quotes.</summary>
internal static partial class ClassicMatcherParser
{
    /// <summary>Go's <c>\s</c>.</summary>
    private static readonly char[] Blanks = ['\t', '\n', '\f', '\r', ' '];

    public static MatcherParseResult ParseAll(string text)
    {
        var body = text.AsSpan();
        body = body.StartsWith("{") ? body[1..] : body;
        body = body.EndsWith("}") ? body[..^1] : body;
        var matchers = new List<LabelMatcher>();
        foreach (var part in SplitAtCommas(body))
        {
            var one = ParseOne(part);
            if (one.Error is not null)
            {
                return one;
            }
            matchers.Add(one.Matchers[0]);
        }
        return new MatcherParseResult(matchers);
    }

    public static MatcherParseResult ParseOne(string text)
    {
        // Trimmed first: a pattern that looks for the blanks at the end looks for them at every blank.
        var match = Matcher().Match(text.TrimEnd(Blanks));
        if (!match.Success)
        {
            return MatcherParseResult.Failed($"bad matcher format: {text}");
        }
        if (Unescape(match.Groups["value"].Value) is not { } value)
        {
            return MatcherParseResult.Failed($"matcher value contains unescaped double quote: {match.Groups["value"].Value}");
        }
        var type = match.Groups["type"].Value switch
        {
            "=" => MatchType.Equal,
            "!=" => MatchType.NotEqual,
            "=~" => MatchType.Regex,
            _ => MatchType.NotRegex,
        };
        try
        {
            return new MatcherParseResult([new LabelMatcher(type, match.Groups["name"].Value, value, dotMatchesNewline: false)]);
        }
        catch (GoRegexException exception)
        {
            return MatcherParseResult.Failed(MatcherParser.AnchoredError(exception.Message, value));
        }
    }

    /// <summary>Commas between quotes do not split; a last empty part does not count.</summary>
    private static List<string> SplitAtCommas(ReadOnlySpan<char> text)
    {
        var parts = new List<string>();
        var start = 0;
        var (quoted, escaped) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ',' when !quoted:
                    parts.Add(text[start..i].ToString());
                    start = i + 1;
                    break;
                case '"' when escaped:
                    escaped = false;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '\\':
                    escaped = !escaped;
                    break;
                default:
                    escaped = false;
                    break;
            }
        }
        if (start < text.Length)
        {
            parts.Add(text[start..].ToString());
        }
        return parts;
    }

    /// <summary>Knows <c>\n \" \\</c>; any other backslash stands for itself. Null where a quote is out of place.</summary>
    private static string? Unescape(string raw)
    {
        var quoted = raw.StartsWith('"');
        var body = quoted ? raw[1..] : raw;
        var value = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (c == '\\' && i + 1 < body.Length)
            {
                var next = body[++i];
                _ = next switch
                {
                    'n' => value.Append('\n'),
                    '"' or '\\' => value.Append(next),
                    _ => value.Append('\\').Append(next),
                };
                continue;
            }
            if (c == '"')
            {
                return quoted && i == body.Length - 1 ? value.ToString() : null;
            }
            value.Append(c);
        }
        return quoted ? null : value.ToString();
    }

    [GeneratedRegex(@"\A\s*(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?<type>=~|=|!=|!~)\s*(?<value>[\s\S]*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Matcher();
}
