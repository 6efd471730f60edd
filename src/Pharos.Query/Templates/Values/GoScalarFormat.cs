using System.Globalization;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.Templates.Values;

/// <summary>One number, boolean or text by one verb of <c>printf</c>.</summary>
internal static class GoScalarFormat
{
    public static void Append(StringBuilder text, char verb, FormatFlags flags, TemplateValue value)
    {
        switch (value.Kind)
        {
            case TemplateKind.Bool:
                AppendBool(text, verb, flags, value);
                break;
            case TemplateKind.Integer:
                AppendInteger(text, verb, flags, value);
                break;
            case TemplateKind.Float:
                AppendFloat(text, verb, flags, value);
                break;
            default:
                AppendText(text, verb, flags, value.Text, value);
                break;
        }
    }

    public static void AppendText(StringBuilder text, char verb, FormatFlags flags, string content, TemplateValue value)
    {
        switch (verb)
        {
            case 'v' when flags.Sharp:
                Pad(text, GoQuote.Quote(Cut(content, flags)), flags);
                break;
            case 'q':
                Pad(text, Quote(Cut(content, flags), flags), flags);
                break;
            case 'v' or 's':
                Pad(text, Cut(content, flags), flags);
                break;
            case 'x' or 'X':
                Pad(text, Hex(content, verb == 'X', flags), flags);
                break;
            default:
                AppendBadVerb(text, verb, value);
                break;
        }
    }

    /// <summary>Pads to the width, which counts code points.</summary>
    public static void Pad(StringBuilder text, string content, FormatFlags flags)
    {
        var missing = (flags.Width ?? 0) - RuneCount(content);
        if (missing <= 0)
        {
            text.Append(content);
        }
        else if (flags.Minus)
        {
            text.Append(content).Append(' ', missing);
        }
        else
        {
            text.Append(flags.Zero ? '0' : ' ', missing).Append(content);
        }
    }

    private static void AppendBool(StringBuilder text, char verb, FormatFlags flags, TemplateValue value)
    {
        if (verb is 'v' or 't')
        {
            Pad(text, value.Bool ? "true" : "false", flags with { Zero = false });
        }
        else
        {
            AppendBadVerb(text, verb, value);
        }
    }

    private static void AppendInteger(StringBuilder text, char verb, FormatFlags flags, TemplateValue value)
    {
        var number = value.Integer;
        switch (verb)
        {
            case 'v' or 'd': AppendDigits(text, flags, number, Magnitude(number).ToString(CultureInfo.InvariantCulture), ""); break;
            case 'b': AppendDigits(text, flags, number, InRadix(number, 2), flags.Sharp ? "0b" : ""); break;
            case 'o': AppendDigits(text, flags, number, InRadix(number, 8), flags.Sharp ? "0" : ""); break;
            case 'O': AppendDigits(text, flags, number, InRadix(number, 8), "0o"); break;
            case 'x': AppendDigits(text, flags, number, Magnitude(number).ToString("x", CultureInfo.InvariantCulture), flags.Sharp ? "0x" : ""); break;
            case 'X': AppendDigits(text, flags, number, Magnitude(number).ToString("X", CultureInfo.InvariantCulture), flags.Sharp ? "0X" : ""); break;
            case 'c': Pad(text, AsRune(number).ToString(), flags); break;
            case 'q': Pad(text, QuoteRune(AsRune(number)), flags); break;
            case 'U':
                Pad(text, string.Create(CultureInfo.InvariantCulture, $"U+{number:X4}") + (flags.Sharp ? $" '{AsRune(number)}'" : ""),
                    flags with { Zero = false });
                break;
            default: AppendBadVerb(text, verb, value); break;
        }
    }

    private static void AppendDigits(StringBuilder text, FormatFlags flags, long number, string digits, string prefix)
    {
        if (flags.Precision is { } precision)
        {
            digits = precision == 0 && number == 0 ? "" : digits.PadLeft(precision, '0');
            if (digits.Length == 0)
            {
                text.Append(' ', flags.Width ?? 0);
                return;
            }
            flags = flags with { Zero = false };
        }
        AppendSigned(text, number < 0 ? "-" : flags.Plus ? "+" : flags.Space ? " " : "", prefix + digits, flags);
    }

    private static void AppendFloat(StringBuilder text, char verb, FormatFlags flags, TemplateValue value)
    {
        var number = value.Float;
        if (verb is not ('v' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'x' or 'X' or 'b'))
        {
            AppendBadVerb(text, verb, value);
            return;
        }
        flags = verb == 'v' ? flags with { Sharp = false } : flags;
        var digits = GoFloatFormat.Format(Math.Abs(number), verb, flags);
        var negative = double.IsNegative(number) && !double.IsNaN(number);
        if (!double.IsFinite(number))
        {
            flags = flags with { Zero = false };
        }
        // Infinity always carries its sign; NaN never does.
        var signed = flags.Plus || double.IsPositiveInfinity(number);
        var sign = negative ? "-" : double.IsNaN(number) && !flags.Plus ? "" : signed ? "+" : flags.Space ? " " : "";
        AppendSigned(text, sign, digits, flags);
    }

    /// <summary>Zero padding stands between sign and digits, blanks before the sign.</summary>
    private static void AppendSigned(StringBuilder text, string sign, string digits, FormatFlags flags)
    {
        if (flags is { Zero: true, Minus: false, Width: { } width })
        {
            text.Append(sign).Append('0', Math.Max(0, width - sign.Length - digits.Length)).Append(digits);
        }
        else
        {
            Pad(text, sign + digits, flags with { Zero = false });
        }
    }

    private static void AppendBadVerb(StringBuilder text, char verb, TemplateValue value)
    {
        text.Append("%!").Append(verb).Append('(').Append(value.TypeName).Append('=');
        GoFormat.AppendValue(text, 'v', default, value);
        text.Append(')');
    }

    private static string Cut(string content, FormatFlags flags)
    {
        if (flags.Precision is not { } precision || RuneCount(content) <= precision)
        {
            return content;
        }
        var cut = new StringBuilder();
        foreach (var rune in content.EnumerateRunes().Take(precision))
        {
            cut.Append(rune.ToString());
        }
        return cut.ToString();
    }

    private static string Quote(string content, FormatFlags flags)
    {
        if (flags.Sharp && !content.Contains('`', StringComparison.Ordinal) && content.All(static c => c == '\t' || !char.IsControl(c)))
        {
            return "`" + content + "`";
        }
        var quoted = GoQuote.Quote(content);
        return !flags.Plus ? quoted : string.Concat(quoted.EnumerateRunes().Select(static rune => rune.IsAscii ? rune.ToString()
            : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}"));
    }

    private static string QuoteRune(Rune rune) => rune.Value switch
    {
        '\'' => @"'\''",
        '"' => "'\"'",
        _ => "'" + GoQuote.Quote(rune.ToString())[1..^1] + "'",
    };

    private static string Hex(string content, bool upper, FormatFlags flags)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var count = Math.Min(bytes.Length, flags.Precision ?? bytes.Length);
        var pairs = bytes.Take(count).Select(b => b.ToString(upper ? "X2" : "x2", CultureInfo.InvariantCulture));
        var prefix = flags.Sharp && count > 0 ? upper ? "0X" : "0x" : "";
        return prefix + string.Join(flags.Space ? flags.Sharp ? " " + prefix : " " : "", pairs);
    }

    private static ulong Magnitude(long number) => number < 0 ? (ulong)-(number + 1) + 1 : (ulong)number;

    private static string InRadix(long number, int radix)
    {
        var digits = "";
        for (var rest = Magnitude(number); rest > 0 || digits.Length == 0; rest /= (ulong)radix)
        {
            digits = (rest % (ulong)radix) + digits;
        }
        return digits;
    }

    private static Rune AsRune(long number) =>
        number is >= 0 and <= 0x10FFFF && Rune.IsValid((int)number) ? new Rune((int)number) : Rune.ReplacementChar;

    private static int RuneCount(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }
        return count;
    }
}
