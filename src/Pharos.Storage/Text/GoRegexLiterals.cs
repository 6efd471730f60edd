using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Reads the strings out of a pattern that only lists them.</summary>
internal static class GoRegexLiterals
{
    private const string Special = @".+*?()|[]{}^$";

    /// <summary>The strings of <c>a|b\.c</c>, in one group or in none, or null where the pattern is anything else.</summary>
    /// <remarks>The pattern is one that RE2 takes.</remarks>
    public static IReadOnlyList<string>? Alternatives(string pattern)
    {
        var list = WithoutGroup(pattern);
        var found = new List<string>();
        var start = 0;
        for (var i = 0; i <= list.Length; i++)
        {
            if (i < list.Length && list[i] == '\\')
            {
                i++;
            }
            else if (i == list.Length || list[i] == '|')
            {
                if (Literal(list[start..i]) is not { } literal)
                {
                    return null;
                }
                found.Add(literal);
                start = i + 1;
            }
        }
        return found;
    }

    /// <summary>The one string that a pattern matches, or null where it may match others.</summary>
    public static string? Literal(ReadOnlySpan<char> pattern)
    {
        var text = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\')
            {
                // A backslash before a letter or a digit means something else than the letter.
                if (++i == pattern.Length || !char.IsAscii(pattern[i]) || char.IsAsciiLetterOrDigit(pattern[i]))
                {
                    return null;
                }
                c = pattern[i];
            }
            else if (Special.Contains(c, StringComparison.Ordinal))
            {
                return null;
            }
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>What every text begins with that the pattern matches, as far as it stands at the pattern's start.</summary>
    public static string Prefix(string pattern)
    {
        if (pattern.Contains('|', StringComparison.Ordinal))
        {
            return "";
        }
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var isEscape = pattern[i] == '\\' && i + 1 < pattern.Length && !char.IsAsciiLetterOrDigit(pattern[i + 1]);
            var c = isEscape ? pattern[++i] : pattern[i];
            if (!isEscape && c is '*' or '?' or '{' && text.Length > 0)
            {
                // What stands before may be missing.
                text.Length--;
            }
            if (!char.IsAscii(c) || (!isEscape && (c == '\\' || Special.Contains(c, StringComparison.Ordinal))))
            {
                break;
            }
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>What a group around the whole pattern holds; where there is none, or more than one, there remains a parenthesis, which is
    /// no literal.</summary>
    private static ReadOnlySpan<char> WithoutGroup(string pattern)
    {
        var start = pattern.StartsWith("(?:", StringComparison.Ordinal) ? 3 : pattern.StartsWith('(') ? 1 : 0;
        return start > 0 && pattern.Length > start && pattern[^1] == ')' && pattern[^2] != '\\' ? pattern.AsSpan()[start..^1] : pattern;
    }
}
