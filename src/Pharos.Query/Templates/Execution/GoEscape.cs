using System.Globalization;
using System.Text;

namespace Pharos.Query.Templates.Execution;

/// <summary>The escapers behind <c>html</c>, <c>js</c> and <c>urlquery</c>.</summary>
public static class GoEscape
{
    public static string Html(string text)
    {
        if (text.AsSpan().IndexOfAny("\0\"'&<>") < 0)
        {
            return text;
        }
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\0' => escaped.Append('\uFFFD'),
                '"' => escaped.Append("&#34;"),
                '\'' => escaped.Append("&#39;"),
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }

    public static string Script(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\\' or '\'' or '"': escaped.Append('\\').Append((char)rune.Value); break;
                case '<' or '>' or '&' or '=' or < 32:
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"); break;
                case >= 127 when Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator:
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"); break;
                default: escaped.Append(rune.ToString()); break;
            }
        }
        return escaped.ToString();
    }

    /// <summary>Go's <c>url.QueryEscape</c>: a blank is a plus.</summary>
    public static string Query(string text) => Percent(text, static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')
        .Replace("%20", "+", StringComparison.Ordinal);

    /// <summary>Percent-encodes every byte that <paramref name="stays"/> refuses, in upper-case hexadecimal.</summary>
    public static string Percent(string text, Func<char, bool> stays)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b < 128 && stays((char)b))
            {
                escaped.Append((char)b);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }
        return escaped.ToString();
    }
}
