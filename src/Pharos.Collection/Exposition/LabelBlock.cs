using System.Text.Unicode;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition;

/// <summary>Reads what stands between the braces of a series or an exemplar: <c>a="b",c="d"}</c>.</summary>
/// <remarks>Without a place for the labels it only checks them: the way of every line whose series is known already.
/// The text format allows white space everywhere and leaves commas out; OpenMetrics allows neither.</remarks>
internal static class LabelBlock
{
    /// <summary>Reads from behind the opening brace to behind the closing one.</summary>
    /// <param name="at">Moved to where reading ended.</param>
    /// <param name="named">Whether the metric's name is known; set where the block holds it, quoted. True for exemplars.</param>
    /// <returns>Whether the block is well-formed; names need not be.</returns>
    public static bool Read(ReadOnlySpan<byte> body, ref int at, LabelSyntax syntax, ref bool named, ExposedLabels? into)
    {
        var blanks = syntax == LabelSyntax.Prometheus;
        while (true)
        {
            SkipBlanks(body, ref at, blanks);
            if (Take(body, ref at, '}'))
            {
                return true;
            }
            if (!ReadLabel(body, ref at, syntax, ref named, into))
            {
                return false;
            }
            SkipBlanks(body, ref at, blanks);
            if (!Take(body, ref at, ',') && !blanks && !(at < body.Length && body[at] == '}'))
            {
                return false;
            }
        }
    }

    /// <summary>The length of the double-quoted string at the start, quotes included; 0 where there is none.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text, bool newlines, bool zeros)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            return 0;
        }
        var i = 1;
        while (true)
        {
            var step = text[i..].IndexOfAny((byte)'"', (byte)'\\', newlines ? (byte)'"' : (byte)'\n');
            if (step < 0)
            {
                return 0;
            }
            i += step;
            switch (text[i])
            {
                case (byte)'"':
                    return zeros || !text[..i].Contains((byte)0) ? i + 1 : 0;
                case (byte)'\n':
                    return 0;
                default:
                    i = BehindEscape(text, i);
                    if (i > text.Length || text[i - 1] == '\n')
                    {
                        return 0;
                    }
                    break;
            }
        }
    }

    /// <summary>The length of the name at the start: letters, digits, underscores, and colons for a metric's.</summary>
    public static int NameLength(ReadOnlySpan<byte> text, bool colons)
    {
        var i = 0;
        while (i < text.Length && (char.IsAsciiLetter((char)text[i]) || text[i] == '_' || (colons && text[i] == ':')
            || (i > 0 && char.IsAsciiDigit((char)text[i]))))
        {
            i++;
        }
        return i;
    }

    /// <summary>Behind a backslash anything may stand but a line's end; zero bytes are passed over as if they were not there.</summary>
    private static int BehindEscape(ReadOnlySpan<byte> text, int backslash)
    {
        var i = backslash + 1;
        while (i < text.Length && text[i] == 0)
        {
            i++;
        }
        return i + 1;
    }

    private static bool ReadLabel(ReadOnlySpan<byte> body, ref int at, LabelSyntax syntax, ref bool named, ExposedLabels? into)
    {
        var nameAt = at;
        var quoted = QuotedLength(body[at..], newlines: syntax != LabelSyntax.Exemplar, zeros: false);
        var length = quoted > 0 ? quoted : NameLength(body[at..], colons: false);
        if (length == 0)
        {
            return false;
        }
        at += length;
        var name = quoted > 0 ? body[(nameAt + 1)..(at - 1)] : body[nameAt..at];
        SkipBlanks(body, ref at, syntax == LabelSyntax.Prometheus);
        if (quoted > 0 && at < body.Length && body[at] is (byte)',' or (byte)'}')
        {
            return ReadMetricName(name, ref named, into);
        }
        if (!Take(body, ref at, '='))
        {
            return false;
        }
        SkipBlanks(body, ref at, syntax == LabelSyntax.Prometheus);
        var value = QuotedLength(body[at..], newlines: syntax == LabelSyntax.Prometheus, zeros: syntax != LabelSyntax.Exemplar);
        if (value == 0)
        {
            return false;
        }
        var text = body.Slice(at + 1, value - 2);
        if (!Utf8.IsValid(text))
        {
            return false;
        }
        at += value;
        into?.AddEscaped(name, text);
        return true;
    }

    /// <summary>A quoted string without a value is the metric's name, once.</summary>
    private static bool ReadMetricName(ReadOnlySpan<byte> name, ref bool named, ExposedLabels? into)
    {
        if (named)
        {
            return false;
        }
        named = true;
        into?.AddEscaped(Label.MetricName, name);
        return true;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> body, ref int at, bool allowed)
    {
        while (allowed && at < body.Length && body[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }
    }

    private static bool Take(ReadOnlySpan<byte> body, ref int at, char wanted)
    {
        if (at < body.Length && body[at] == wanted)
        {
            at++;
            return true;
        }
        return false;
    }
}
