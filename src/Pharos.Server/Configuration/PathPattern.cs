using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration;

/// <summary>A pattern of Go's <c>path/filepath</c> for one segment of a path: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[^a-z]</c>, <c>\x</c>.</summary>
internal static class PathPattern
{
    /// <summary>Whether a segment names more than itself.</summary>
    public static bool HasWildcards(string segment) => segment.AsSpan().IndexOfAny("*?[\\") >= 0;

    /// <summary>Whether Go would say "syntax error in pattern": a class without an end or a member, or a backslash at the end.</summary>
    public static bool IsMalformed(string pattern) => pattern.Split('/').Any(static segment => Regex(segment) is null);

    /// <summary>What a segment matches; a malformed one matches nothing.</summary>
    public static Func<string, bool> Matcher(string segment) =>
        Regex(segment) is { } text && GoRegex.Anchored(text) is var regex ? regex.IsMatch : static _ => false;

    private static string? Regex(string segment)
    {
        var text = new StringBuilder("(?s:");
        for (var at = 0; at < segment.Length;)
        {
            switch (segment[at])
            {
                case '*':
                    text.Append(".*");
                    at++;
                    break;
                case '?':
                    text.Append('.');
                    at++;
                    break;
                case '[':
                    if (!TryAppendClass(segment, ref at, text))
                    {
                        return null;
                    }
                    break;
                default:
                    if (Member(segment, ref at) is not { } literal)
                    {
                        return null;
                    }
                    text.Append(Escaped(literal));
                    break;
            }
        }
        return text.Append(')').ToString();
    }

    private static bool TryAppendClass(string segment, ref int at, StringBuilder text)
    {
        at++;
        text.Append('[');
        if (at < segment.Length && segment[at] == '^')
        {
            text.Append('^');
            at++;
        }
        for (var members = 0; ; members++)
        {
            if (at < segment.Length && segment[at] == ']' && members > 0)
            {
                at++;
                text.Append(']');
                return true;
            }
            // Neither may begin a member unescaped.
            if (at >= segment.Length || segment[at] is '-' or ']' || Member(segment, ref at) is not { } first)
            {
                return false;
            }
            var last = first;
            if (at < segment.Length && segment[at] == '-')
            {
                at++;
                if (at >= segment.Length || segment[at] is '-' or ']' || Member(segment, ref at) is not { } end)
                {
                    return false;
                }
                last = end;
            }
            // A range the wrong way round has no members; a regular expression can only name one that no file's name has.
            text.Append(first.Value > last.Value ? "\\x{10ffff}" : $"{Escaped(first)}-{Escaped(last)}");
        }
    }

    private static Rune? Member(string segment, ref int at)
    {
        at += segment[at] == '\\' ? 1 : 0;
        if (at >= segment.Length || !Rune.TryGetRuneAt(segment, at, out var rune))
        {
            return null;
        }
        at += rune.Utf16SequenceLength;
        return rune;
    }

    private static string Escaped(Rune rune) => $"\\x{{{rune.Value:x}}}";
}
