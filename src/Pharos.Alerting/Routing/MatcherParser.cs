namespace Pharos.Alerting.Routing;

/// <summary>Reads matchers as Alertmanager's files, API and tools write them: <c>a="b"</c>, <c>{a="b",c=~"d.*"}</c>.</summary>
public static class MatcherParser
{
    /// <summary>A list of matchers, in braces or not.</summary>
    public static MatcherParseResult ParseAll(string text, MatcherMode mode = MatcherMode.Fallback) =>
        Parse(text, mode, ClassicMatcherParser.ParseAll, Utf8MatcherParser.ParseAll);

    /// <summary>One matcher, never in braces: the form of the API's <c>filter</c> and of the files' <c>matchers</c> items
    /// where only one is allowed.</summary>
    public static MatcherParseResult ParseOne(string text, MatcherMode mode = MatcherMode.Fallback) =>
        Parse(text, mode, ClassicMatcherParser.ParseOne, Utf8MatcherParser.ParseOne);

    /// <summary>What a regular expression lacks, in Go's words: where it quotes the whole expression it is the anchored one.</summary>
    public static string AnchoredError(string message, string pattern) =>
        message.EndsWith($"): `{pattern}`", StringComparison.Ordinal) ? $"{message[..^(pattern.Length + 2)]}`^(?:{pattern})$`" : message;

    private static MatcherParseResult Parse(string text, MatcherMode mode,
        Func<string, MatcherParseResult> classic, Func<string, MatcherParseResult> utf8)
    {
        switch (mode)
        {
            case MatcherMode.Classic: return classic(text);
            case MatcherMode.Utf8Strict: return utf8(text);
        }
        var newer = utf8(text);
        var older = classic(text);
        if (newer.Error is not null)
        {
            return older.Error is not null ? older : older with
            {
                Warning = $"the matcher {text} is valid only in the classic notation: {newer.Error}",
            };
        }
        if (older.Error is null && !older.Matchers.SequenceEqual(newer.Matchers))
        {
            return older with { Warning = $"the matcher {text} means different things in the two notations" };
        }
        return newer;
    }
}
