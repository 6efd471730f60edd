using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>What may stand behind a backslash in a quoted string: Go's escapes.</summary>
internal static class StringEscape
{
    /// <param name="at">Where the character behind the backslash stands.</param>
    /// <param name="length">How many characters the escape has, the backslash left out.</param>
    /// <returns>Null for a good escape, otherwise what is wrong with it in Prometheus' words.</returns>
    public static string? Fault(string text, int at, char quote, out int length)
    {
        length = 1;
        if (at >= text.Length)
        {
            return "escape sequence not terminated";
        }
        var c = text[at];
        if (c == quote || c is 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\')
        {
            return null;
        }
        (var first, var digits, var numberBase, var max) = c switch
        {
            >= '0' and <= '7' => (at, 3, 8, 255L),
            'x' => (at + 1, 2, 16, 255L),
            'u' => (at + 1, 4, 16, 0x10FFFFL),
            'U' => (at + 1, 8, 16, 0x10FFFFL),
            _ => (0, 0, 0, 0L),
        };
        if (digits == 0)
        {
            return $"unknown escape sequence {Name(text, at)}";
        }
        var value = 0L;
        for (var i = first; i < first + digits; i++)
        {
            if (i >= text.Length)
            {
                return "escape sequence not terminated";
            }
            var digit = char.IsAsciiHexDigit(text[i]) ? Convert.ToInt32(text[i].ToString(), 16) : numberBase;
            if (digit >= numberBase)
            {
                return $"illegal character {Name(text, i)} in escape sequence";
            }
            value = (value * numberBase) + digit;
        }
        length = first + digits - at;
        return value > max || value is >= 0xD800 and < 0xE000 ? "escape sequence is an invalid Unicode code point" : null;
    }

    /// <summary>A character as Go's verb <c>%#U</c>: <c>U+0022 '"'</c>.</summary>
    private static string Name(string text, int at)
    {
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _);
        var hex = rune.Value.ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
        var isPrintable = !GoQuote.Quote(rune.ToString()).StartsWith("\"\\", StringComparison.Ordinal) || rune.Value is '"' or '\\';
        return isPrintable ? $"U+{hex} '{rune}'" : $"U+{hex}";
    }
}
