using YamlDotNet.Core;

namespace Pharos.Server.Configuration.Yaml;

/// <summary>Finds where a character of a scalar's text stands in the file.</summary>
/// <remarks>YAML drops quotes, indentation and line breaks on the way from the file to the text, but never reorders: so
/// the two are walked side by side, white space skipped. Offsets and the answer are in UTF-16 characters; line and column
/// count from 1.</remarks>
internal static class YamlScalarPosition
{
    public static (int Line, int Column) Find(string source, YamlScalar scalar, int offset)
    {
        var at = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded ? AfterHeader(source, scalar)
            : scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted ? QuoteOf(source, scalar) + 1 : scalar.Start;
        var end = Math.Min(Math.Max(scalar.End, at), source.Length);
        var text = scalar.Text;
        var target = Math.Clamp(offset, 0, text.Length);
        for (var i = 0; i < text.Length && i <= target; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                continue;
            }
            var length = 1;
            while (at < end && !Matches(source, at, text[i], scalar.Style, out length))
            {
                at += length;
            }
            at += i < target ? length : 0;
        }
        return LineAndColumn(source, Math.Min(at, source.Length));
    }

    /// <summary>Whether the source holds the character here; <paramref name="length"/> is how much of the source stands for it.</summary>
    private static bool Matches(string source, int at, char c, ScalarStyle style, out int length)
    {
        length = 1;
        if (at >= source.Length)
        {
            return true;
        }
        if (style == ScalarStyle.SingleQuoted && source[at] == '\'' && at + 1 < source.Length && source[at + 1] == '\'')
        {
            length = 2;
            return c == '\'';
        }
        if (style == ScalarStyle.DoubleQuoted && source[at] == '\\' && at + 1 < source.Length)
        {
            var escape = source[at + 1];
            length = escape switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
            return escape == c || escape is 'x' or 'u' or 'U';
        }
        return source[at] == c;
    }

    private static int AfterHeader(string source, YamlScalar scalar)
    {
        var newline = source.IndexOf('\n', Math.Min(scalar.Start, source.Length));
        return newline < 0 ? source.Length : newline + 1;
    }

    private static int QuoteOf(string source, YamlScalar scalar)
    {
        var quote = scalar.Style == ScalarStyle.SingleQuoted ? '\'' : '"';
        var at = source.IndexOf(quote, Math.Min(scalar.Start, source.Length));
        return at < 0 ? scalar.Start : at;
    }

    private static (int Line, int Column) LineAndColumn(string source, int at)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < at; i++)
        {
            if (source[i] == '\n')
            {
                line++;
                lineStart = i + 1;
            }
        }
        return (line, at - lineStart + 1);
    }
}
