using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Finds the extent of numbers and durations, and reads their values.</summary>
internal static class NumberScanner
{
    private const string Units = "smhdwy";

    /// <summary>Scans a number or a duration, taking for one what the parser may refuse, as Prometheus does.</summary>
    /// <param name="kind">Null where it is neither.</param>
    /// <returns>Where it ends, or how far an error text quotes it.</returns>
    public static int Scan(string input, int start, out TokenKind? kind)
    {
        var end = start;
        var isNumber = ScanNumber(input, ref end) && !IsWord(input, end);
        kind = isNumber ? TokenKind.Number : ScanUnits(input, ref end) ? TokenKind.Duration : null;
        return end;
    }

    /// <summary>Reads decimal, hexadecimal (<c>0x1F</c>), octal (<c>017</c>), <c>Inf</c>, <c>NaN</c>.</summary>
    /// <param name="fault">What Go says of a text that is no number, otherwise null.</param>
    public static bool TryReadNumber(string text, out double value, out string? fault)
    {
        fault = null;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var isWellFormed = digits.Length == text.Length || HasUnderscoresBetweenDigits(text);
        var hasPrefix = digits.Length > 1 && digits[0] == '0';
        value = 0;
        if (isWellFormed && ((hasPrefix && TryReadRadix(digits, out value)) || (!IsHexadecimal(digits) && GoFloat.TryParse(digits, out value))))
        {
            return true;
        }
        var isTooLarge = isWellFormed && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var read)
            && double.IsInfinity(read);
        fault = $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: {(isTooLarge ? "value out of range" : "invalid syntax")}";
        return false;
    }

    /// <summary>Reads a duration token as seconds.</summary>
    public static bool TryReadDuration(string text, out double seconds)
    {
        var read = PrometheusDuration.TryParse(text, out var duration);
        seconds = duration.TotalMilliseconds / 1000;
        return read;
    }

    /// <summary>The value of a token that is a number or a duration, the latter in seconds.</summary>
    /// <exception cref="SyntaxFailure">The scanner took the text, but it has no value.</exception>
    public static double Value(Token token)
    {
        if (token.Kind == TokenKind.Duration)
        {
            return TryReadDuration(token.Text, out var seconds) ? seconds
                : throw TokenStream.Fail(PrometheusDuration.Fault(token.Text), token.Position);
        }
        return TryReadNumber(token.Text, out var value, out var fault) ? value
            : throw TokenStream.Fail($"error parsing number: {fault}", token.Position);
    }

    private static bool IsHexadecimal(string digits) => digits.Length > 1 && digits[0] == '0' && digits[1] is 'x' or 'X';

    /// <summary>Whether each underscore stands behind a digit, or the prefix of a base, and before a digit.</summary>
    private static bool HasUnderscoresBetweenDigits(string text)
    {
        for (var i = text.IndexOf('_', StringComparison.Ordinal); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i == 0 || i + 1 == text.Length || !(char.IsAsciiHexDigit(text[i - 1]) || (i == 2 && IsHexadecimal(text)))
                || !char.IsAsciiHexDigit(text[i + 1]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool TryReadRadix(string digits, out double value)
    {
        value = 0;
        var (radix, from) = digits[1] switch
        {
            'x' or 'X' => (16, 2),
            >= '0' and <= '7' => (8, 1),
            _ => (0, 0),
        };
        if (radix == 0 || digits.Length == from)
        {
            return false;
        }
        var whole = UInt128.Zero;
        foreach (var c in digits.AsSpan(from))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToUInt32(c.ToString(), 16) : 99;
            whole = (whole * (uint)radix) + digit;
            // Go has read a 64-bit integer.
            if (digit >= radix || whole > long.MaxValue)
            {
                return false;
            }
        }
        value = (double)whole;
        return true;
    }

    /// <summary>Takes what looks like a number: <c>[.][d][d._eE]*</c>, where digits may be hexadecimal.</summary>
    private static bool ScanNumber(string input, ref int at)
    {
        var start = at;
        var hex = false;
        if (Accept(input, ref at, "0") && Accept(input, ref at, "xX"))
        {
            Accept(input, ref at, "_");
            hex = true;
        }
        Accept(input, ref at, ".");
        if (IsDigit(input, at, hex))
        {
            at++;
        }
        var (sawDot, sawExponent) = (false, false);
        while (at < input.Length && (IsDigit(input, at, hex) || input[at] is '.' or '_' or 'e' or 'E'))
        {
            var c = input[at];
            if ((c == '.' && sawDot) || (c is 'e' or 'E' && sawExponent))
            {
                at++;
                return false;
            }
            if (c == '.')
            {
                at++;
                sawDot = true;
                if (Accept(input, ref at, "_.") || hex)
                {
                    return false;
                }
            }
            else if (c is 'e' or 'E' or '_')
            {
                at++;
                if (c != '_')
                {
                    sawExponent = true;
                    Accept(input, ref at, "+-");
                }
                if (Accept(input, ref at, "._eE") || at == input.Length)
                {
                    return false;
                }
            }
            else
            {
                at++;
            }
        }
        return at > start;
    }

    /// <summary>Takes the rest of a duration, its first number left out.</summary>
    private static bool ScanUnits(string input, ref int at)
    {
        if (!Accept(input, ref at, Units))
        {
            return false;
        }
        Accept(input, ref at, "s");
        while (IsDigit(input, at, hex: false))
        {
            while (IsDigit(input, at, hex: false))
            {
                at++;
            }
            // Years come first or not at all.
            if (!Accept(input, ref at, Units[..^1]))
            {
                return false;
            }
            Accept(input, ref at, "s");
        }
        if (IsWord(input, at))
        {
            at++;
            return false;
        }
        return true;
    }

    private static bool IsDigit(string input, int at, bool hex) =>
        at < input.Length && (hex ? char.IsAsciiHexDigit(input[at]) : char.IsAsciiDigit(input[at]));

    private static bool IsWord(string input, int at) => at < input.Length && (char.IsAsciiLetterOrDigit(input[at]) || input[at] == '_');

    private static bool Accept(string input, ref int at, string valid)
    {
        var isValid = at < input.Length && valid.Contains(input[at], StringComparison.Ordinal);
        at += isValid ? 1 : 0;
        return isValid;
    }
}
