using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Alerting.Routing;

/// <summary>Alertmanager's newer notation: any UTF-8 label name, bare or as a Go string literal.</summary>
internal static class Utf8MatcherParser
{
    private const string Reserved = "{}!=~,\\\"'`";

    public static MatcherParseResult ParseAll(string text)
    {
        var at = SkipSpace(text, 0);
        var braces = at < text.Length && text[at] == '{';
        at = SkipSpace(text, braces ? at + 1 : at);
        var matchers = new List<LabelMatcher>();
        while (at < text.Length && text[at] != '}')
        {
            if (ParseMatcher(text, ref at, out var matcher) is { } error)
            {
                return MatcherParseResult.Failed(error);
            }
            matchers.Add(matcher!);
            at = SkipSpace(text, at);
            if (at >= text.Length || text[at] == '}')
            {
                break;
            }
            if (text[at] != ',')
            {
                return MatcherParseResult.Failed($"{at}: unexpected {Shown(text, at)}: expected a comma or the end");
            }
            at = SkipSpace(text, at + 1);
        }
        if (!braces && at < text.Length)
        {
            return MatcherParseResult.Failed($"{at}: unexpected }}: expected opening brace at the start");
        }
        if (braces && at >= text.Length)
        {
            return MatcherParseResult.Failed($"{at}: end of input: expected close brace");
        }
        at = SkipSpace(text, braces ? at + 1 : at);
        return at < text.Length
            ? MatcherParseResult.Failed($"{at}: unexpected {Shown(text, at)}: expected end of input")
            : new MatcherParseResult(matchers);
    }

    public static MatcherParseResult ParseOne(string text)
    {
        if (text.StartsWith('{') || text.EndsWith('}'))
        {
            return MatcherParseResult.Failed($"unexpected open or close brace: {text}");
        }
        var all = ParseAll(text);
        return all.Error is not null || all.Matchers.Count == 1 ? all
            : MatcherParseResult.Failed(all.Matchers.Count == 0 ? "no matchers" : $"expected 1 matcher, found {all.Matchers.Count}");
    }

    /// <summary>Whether a name can stand without quotes.</summary>
    public static bool IsBare(string name) =>
        name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || Reserved.Contains(c, StringComparison.Ordinal));

    private static string? ParseMatcher(string text, ref int at, out LabelMatcher? matcher)
    {
        matcher = null;
        if (ParseToken(text, ref at, "a label name", out var name) is { } nameError)
        {
            return nameError;
        }
        at = SkipSpace(text, at);
        if (ParseOperator(text, ref at) is not { } type)
        {
            return $"{at}: unexpected {Shown(text, at)}: expected an operator such as '=', '!=', '=~' or '!~'";
        }
        at = SkipSpace(text, at);
        if (ParseToken(text, ref at, "a label value", out var value) is { } valueError)
        {
            return valueError;
        }
        try
        {
            matcher = new LabelMatcher(type, name, value, dotMatchesNewline: false);
            return null;
        }
        catch (GoRegexException exception)
        {
            return $"failed to create matcher: {exception.Message}";
        }
    }

    private static MatchType? ParseOperator(string text, ref int at)
    {
        MatchType? type = null;
        if (at < text.Length && text[at] is '=' or '!')
        {
            var regex = at + 1 < text.Length && text[at + 1] == '~';
            var not = text[at] == '!';
            if (!not || regex || (at + 1 < text.Length && text[at + 1] == '='))
            {
                type = (not, regex) switch
                {
                    (false, false) => MatchType.Equal,
                    (true, false) => MatchType.NotEqual,
                    (false, true) => MatchType.Regex,
                    _ => MatchType.NotRegex,
                };
                at += regex || not ? 2 : 1;
            }
        }
        return type;
    }

    private static string? ParseToken(string text, ref int at, string expected, out string token)
    {
        token = "";
        var start = at;
        if (at < text.Length && text[at] == '"')
        {
            at = EndOfQuoted(text, at);
            if (at < 0)
            {
                at = start;
                return $"{start}: {text[start..]}: missing end \"";
            }
            return GoQuote.TryUnquote(text.AsSpan(start, at - start), out token)
                ? null : $"{start}: {text[start..at]}: invalid quoted string";
        }
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !Reserved.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }
        token = text[start..at];
        return at > start ? null : $"{start}: unexpected {Shown(text, start)}: expected {expected}";
    }

    private static int EndOfQuoted(string text, int start)
    {
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return i + 1;
            }
        }
        return -1;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
        return at;
    }

    private static string Shown(string text, int at)
    {
        if (at >= text.Length)
        {
            return "end of input";
        }
        _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _);
        return rune.ToString();
    }
}
