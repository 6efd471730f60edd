using System.Text.Unicode;

namespace Pharos.Collection.Exposition;

/// <summary>Reads what stands between the braces of a series or an exemplar: <c>a="b",c="d"}</c>.</summary>
/// <remarks>Without a place for the labels it only checks them: the way of every line whose series is known already.
/// The text format allows white space everywhere and leaves commas out; OpenMetrics allows neither.</remarks>
internal static class LabelBlock
{
    /// <summary>Reads from behind the opening brace to behind the closing one.</summary>
    /// <param name="at">Moved to where reading ended, also on a fault.</param>
    /// <param name="named">Whether the metric's name is known; set where the block holds it, quoted. True for exemplars.</param>
    /// <returns>Null, or what was expected instead of what stands at <paramref name="at"/>.</returns>
    public static string? Read(ReadOnlySpan<byte> body, ref int at, bool openMetrics, ref bool named, ExposedLabels? into)
    {
        while (true)
        {
            SkipBlanks(body, ref at, openMetrics);
            if (Take(body, ref at, '}'))
            {
                return null;
            }
            var fault = ReadLabel(body, ref at, openMetrics, ref named, into);
            if (fault is not null)
            {
                return fault;
            }
            SkipBlanks(body, ref at, openMetrics);
            if (!Take(body, ref at, ',') && openMetrics && !(at < body.Length && body[at] == '}'))
            {
                return "expected comma or brace close";
            }
        }
    }

    /// <summary>The length of the double-quoted string at the start, quotes included; 0 where there is none.</summary>
    public static int QuotedLength(ReadOnlySpan<byte> text, bool newlines)
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
                    return i + 1;
                case (byte)'\n':
                    return 0;
                default:
                    // Behind a backslash anything may stand but a line's end.
                    i += 2;
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

    private static string? ReadLabel(
        ReadOnlySpan<byte> body, ref int at, bool openMetrics, ref bool named, ExposedLabels? into)
    {
        var nameAt = at;
        var quoted = QuotedLength(body[at..], newlines: false);
        var length = quoted > 0 ? quoted : NameLength(body[at..], colons: false);
        if (length == 0)
        {
            return "expected label name";
        }
        at += length;
        var name = quoted > 0 ? body[(nameAt + 1)..(at - 1)] : body[nameAt..at];
        if (quoted > 0 && !Utf8.IsValid(name))
        {
            return "invalid UTF-8 name";
        }
        SkipBlanks(body, ref at, openMetrics);
        if (quoted > 0 && at < body.Length && body[at] is (byte)',' or (byte)'}')
        {
            return ReadMetricName(name, ref named, into);
        }
        if (!Take(body, ref at, '='))
        {
            return "expected equal";
        }
        SkipBlanks(body, ref at, openMetrics);
        var value = QuotedLength(body[at..], newlines: !openMetrics);
        if (value == 0)
        {
            return "expected label value";
        }
        var text = body.Slice(at + 1, value - 2);
        if (!Utf8.IsValid(text))
        {
            return "invalid UTF-8 label value";
        }
        at += value;
        into?.AddEscaped(name, text);
        return null;
    }

    /// <summary>A quoted string without a value is the metric's name, once.</summary>
    private static string? ReadMetricName(ReadOnlySpan<byte> name, ref bool named, ExposedLabels? into)
    {
        if (named)
        {
            return "metric name already set";
        }
        named = true;
        into?.Add(Storage.Model.Label.MetricName, ExpositionText.Unescape(name));
        return null;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> body, ref int at, bool openMetrics)
    {
        while (!openMetrics && at < body.Length && body[at] is (byte)' ' or (byte)'\t')
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
