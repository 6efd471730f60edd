using System.Globalization;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>Numbers of the exposition formats: what Go read before 1.13, so no hexadecimal and no underscores.</summary>
internal static class ExpositionNumber
{
    private const NumberStyles Decimal =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>So many digits fit 64 bits.</summary>
    private const int MaxPlainDigits = 19;

    /// <summary>The largest number up to which a double holds every whole one.</summary>
    private const ulong MaxExact = 1UL << 53;

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        if (text.IsEmpty)
        {
            value = 0;
            return false;
        }
        var first = text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (first < text.Length && (char.IsAsciiDigit((char)text[first]) || text[first] == '.'))
        {
            // A number out of range reads as an infinity, which Go reports as an error. Zero bytes behind a number, which
            // the framework passes over, are one, too.
            return double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && text[^1] != 0;
        }
        return TryParseWord(text, first, out value);
    }

    /// <summary>Whether a number can begin with the byte.</summary>
    public static bool IsStart(byte first) => char.IsAsciiLetterOrDigit((char)first) || first is (byte)'-' or (byte)'+' or (byte)'.';

    /// <summary>Reads the number at the start of a text where few digits and a blank or the end of a line behind them make that one exact
    /// operation: the digits are a whole number below 2^53, and the power of ten is one that a double holds. (Clinger, "How to read
    /// floating point numbers accurately", 1990.)</summary>
    /// <returns>The number's length; 0 where <see cref="TryParse"/> has to see, good or bad.</returns>
    public static int ReadPlain(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var at = !text.IsEmpty && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var isNegative = at > 0 && text[0] == '-';
        var digits = 0UL;
        var (count, point) = (0, -1);
        for (; at < text.Length; at++)
        {
            var digit = (uint)text[at] - '0';
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                count++;
            }
            else if (text[at] == '.' && point < 0)
            {
                point = count;
            }
            else
            {
                break;
            }
        }
        var exponent = point < 0 ? 0 : point - count;
        if (count == 0 || count > MaxPlainDigits || !TryExponent(text, ref at, ref exponent) || digits > MaxExact
            || at == text.Length || text[at] is not ((byte)'\n' or (byte)' ') || Math.Abs(exponent) >= PowersOfTen.Length)
        {
            return 0;
        }
        value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        value = isNegative ? -value : value;
        return at;
    }

    /// <summary>What Prometheus says of a text that is no number.</summary>
    public static string Problem(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAny("pP_"u8))
        {
            return "unsupported character in float";
        }
        var outOfRange = !text.IsEmpty && char.IsAsciiDigit((char)text[^1])
            && double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var value) && double.IsInfinity(value);
        return $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: {(outOfRange ? "value out of range" : "invalid syntax")}";
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int at, ref int exponent)
    {
        if (at == text.Length || (text[at] | 0x20) != 'e')
        {
            return true;
        }
        at++;
        var isNegative = at < text.Length && text[at] == '-';
        at += at < text.Length && text[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        var (start, power) = (at, 0);
        for (; at < text.Length && at - start < 4 && (uint)text[at] - '0' is var digit and <= 9; at++)
        {
            power = (power * 10) + (int)digit;
        }
        exponent += isNegative ? -power : power;
        return at > start;
    }

    private static bool TryParseWord(ReadOnlySpan<byte> text, int first, out double value)
    {
        var word = text[first..];
        if (Ascii.EqualsIgnoreCase(word, "inf"u8) || Ascii.EqualsIgnoreCase(word, "infinity"u8))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        value = StaleMarker.NormalNaN;
        return first == 0 && Ascii.EqualsIgnoreCase(word, "nan"u8);
    }
}
