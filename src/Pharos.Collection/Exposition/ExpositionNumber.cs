using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
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

    private static ReadOnlySpan<uint> PowersOfTenWhole => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

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

    /// <summary>Reads the number at the start of a text where a blank or the end of a line stands behind it and its digits fit 64 bits.
    /// One exact operation gives most: the digits are a whole number up to 2^53, and the power of ten is one that a double holds.
    /// (Clinger, "How to read floating point numbers accurately", 1990.) The rest is left to <see cref="NearestDouble"/>.</summary>
    /// <returns>The number's length; 0 where <see cref="TryParse"/> has to see, good or bad.</returns>
    public static int ReadPlain(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var start = !text.IsEmpty && text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var at = start;
        var digits = TakeDigits(text, ref at, 0);
        var (count, exponent) = (at - start, 0);
        if (at < text.Length && text[at] == '.')
        {
            var point = ++at;
            digits = TakeDigits(text, ref at, digits);
            exponent = point - at;
            count += at - point;
        }
        if (count == 0 || (count > MaxPlainDigits && count - LeadingZeros(text[start..]) > MaxPlainDigits)
            || !TryExponent(text, ref at, ref exponent) || at == text.Length || text[at] is not ((byte)'\n' or (byte)' '))
        {
            return 0;
        }
        if (digits <= MaxExact && Math.Abs(exponent) < PowersOfTen.Length)
        {
            value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        }
        else if (!NearestDouble.TryFind(digits, exponent, out value))
        {
            return 0;
        }
        value = start > 0 && text[0] == '-' ? -value : value;
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

    /// <summary>Steps over digits, eight at a time, and puts them behind those that were taken before; more than 19 wrap around.</summary>
    private static ulong TakeDigits(ReadOnlySpan<byte> text, ref int at, ulong digits)
    {
        while (text.Length - at >= sizeof(ulong))
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) ^ 0x3030303030303030;
            // The highest bit of each byte that is no digit, at least up to the first.
            var others = ((eight + 0x7676767676767676) | eight) & 0x8080808080808080;
            var count = BitOperations.TrailingZeroCount(others) / 8;
            if (count == 0)
            {
                return digits;
            }
            digits = (digits * PowersOfTenWhole[count]) + ValueOf(eight << (64 - (8 * count)));
            at += count;
            if (count < sizeof(ulong))
            {
                return digits;
            }
        }
        for (; at < text.Length && (uint)text[at] - '0' is var digit and <= 9; at++)
        {
            digits = (digits * 10) + digit;
        }
        return digits;
    }

    /// <summary>The number that eight digits make, the first of them in the lowest byte: pairs, then fours, then all.</summary>
    private static ulong ValueOf(ulong eight)
    {
        const ulong TwoBytes = 0x000000FF000000FF;
        var pairs = (eight * 10) + (eight >> 8);
        return (((pairs & TwoBytes) * 0x000F424000000064) + (((pairs >> 16) & TwoBytes) * 0x0000271000000001)) >> 32;
    }

    private static int LeadingZeros(ReadOnlySpan<byte> number)
    {
        var zeros = 0;
        foreach (var part in number)
        {
            if (part is not ((byte)'0' or (byte)'.'))
            {
                break;
            }
            zeros += part == '0' ? 1 : 0;
        }
        return zeros;
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
