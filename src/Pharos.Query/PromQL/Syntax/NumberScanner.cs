using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Finds the extent of numbers and durations, and reads their values.</summary>
internal static class NumberScanner
{
    /// <summary>The length of the number at <paramref name="start"/>, or 0 where letters or digits follow it directly.</summary>
    public static int NumberLength(string input, int start)
    {
        var end = NumberEnd(input, start);
        return end > start && !(end < input.Length && (char.IsAsciiLetterOrDigit(input[end]) || input[end] == '_'))
            ? end - start : 0;
    }

    /// <summary>The length of a run of digits and units (<c>1h30m</c>), or 0.</summary>
    public static int DurationLength(string input, int start)
    {
        var i = start;
        while (i < input.Length && char.IsAsciiDigit(input[i]))
        {
            while (i < input.Length && char.IsAsciiDigit(input[i]))
            {
                i++;
            }
            if (i >= input.Length || !"smhdwy".Contains(input[i], StringComparison.Ordinal))
            {
                return 0;
            }
            i += input[i] == 'm' && i + 1 < input.Length && input[i + 1] == 's' ? 2 : 1;
        }
        return i < input.Length && (char.IsAsciiLetterOrDigit(input[i]) || input[i] == '_') ? 0 : i - start;
    }

    /// <summary>Up to where an error text quotes a malformed number.</summary>
    public static int BadEnd(string input, int start)
    {
        var end = NumberEnd(input, start);
        while (end < input.Length && char.IsAsciiLetterOrDigit(input[end]))
        {
            end++;
        }
        return Math.Max(end, start + 1);
    }

    /// <summary>Reads decimal, hexadecimal (<c>0x1F</c>), octal (<c>017</c>, <c>0o17</c>), binary, <c>Inf</c>, <c>NaN</c>.</summary>
    public static bool TryReadNumber(string text, out double value)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length > 1 && digits[0] == '0' && TryReadRadix(digits, out value))
        {
            return true;
        }
        if (GoFloat.TryParse(digits, out value))
        {
            return true;
        }
        // A number too large is +Inf with an error in Go; the text is then refused.
        return false;
    }

    /// <summary>Reads a duration token as milliseconds.</summary>
    public static bool TryReadDuration(string text, out double seconds)
    {
        var read = PrometheusDuration.TryParse(text, out var duration);
        seconds = duration.TotalMilliseconds / 1000;
        return read;
    }

    private static bool TryReadRadix(string digits, out double value)
    {
        value = 0;
        var (radix, from) = digits[1] switch
        {
            'x' or 'X' => (16, 2),
            'b' or 'B' => (2, 2),
            'o' or 'O' => (8, 2),
            >= '0' and <= '7' => (8, 1),
            _ => (0, 0),
        };
        if (radix == 0 || digits.Length == from)
        {
            return false;
        }
        foreach (var c in digits.AsSpan(from))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix)
            {
                return false;
            }
            value = (value * radix) + digit;
        }
        return true;
    }

    private static int NumberEnd(string input, int start)
    {
        var i = start;
        var hex = i + 1 < input.Length && input[i] == '0' && (input[i + 1] is 'x' or 'X');
        if (hex)
        {
            return SkipDigits(input, i + 2, hex: true);
        }
        i = SkipDigits(input, i, hex: false);
        if (i < input.Length && input[i] == '.')
        {
            i = SkipDigits(input, i + 1, hex: false);
        }
        if (i < input.Length && (input[i] is 'e' or 'E'))
        {
            var exponent = i + 1;
            if (exponent < input.Length && (input[exponent] is '+' or '-'))
            {
                exponent++;
            }
            var end = SkipDigits(input, exponent, hex: false);
            if (end > exponent)
            {
                i = end;
            }
        }
        return i;
    }

    /// <summary>Digits may be parted by single underscores.</summary>
    private static int SkipDigits(string input, int i, bool hex)
    {
        bool IsDigit(int at) => at < input.Length && (hex ? char.IsAsciiHexDigit(input[at]) : char.IsAsciiDigit(input[at]));
        while (IsDigit(i) || (i < input.Length && input[i] == '_' && IsDigit(i + 1)))
        {
            i++;
        }
        return i;
    }
}
