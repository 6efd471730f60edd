using System.Buffers.Text;
using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Forms;

/// <summary>Numbers with units in UTF-8: Go's durations and floats, and sizes.</summary>
internal static class UnitText
{
    private const int MaxNumberBytes = 64;
    private const int MaxExactDigits = 15;

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Go's <c>time.ParseDuration</c>: a sign, then numbers with ns, us, ms, s, m or h each; <c>0</c> alone.</summary>
    public static bool TryDuration(ReadOnlySpan<byte> text, out long ns)
    {
        ns = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var rest = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        if (rest.SequenceEqual("0"u8))
        {
            return true;
        }
        if (rest.IsEmpty)
        {
            return false;
        }
        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789."u8);
            if (digits <= 0 || digits > 28 || !Utf8Parser.TryParse(rest[..digits], out decimal amount, out var used) || used != digits)
            {
                return false;
            }
            rest = rest[digits..];
            var letters = rest.IndexOfAny("0123456789."u8);
            var unit = letters < 0 ? rest : rest[..letters];
            var each = NanosecondsOf(unit);
            if (each == 0 || amount > (decimal)long.MaxValue / each)
            {
                return false;
            }
            total += amount * each;
            if (total > long.MaxValue)
            {
                return false;
            }
            rest = rest[unit.Length..];
        }
        ns = (long)(negative ? -total : total);
        return true;
    }

    /// <summary>A number with an optional unit: B, kB, KB, MB ... of 1000, KiB, MiB ... of 1024, in any case; a number alone is bytes.</summary>
    public static bool TryBytes(ReadOnlySpan<byte> text, out ulong bytes)
    {
        bytes = 0;
        var digits = text.IndexOfAnyExcept("0123456789.,"u8);
        digits = digits < 0 ? text.Length : digits;
        if (digits == 0 || !TryPlain(text[..digits], out var number))
        {
            return false;
        }
        var unit = text[digits..].Trim((byte)' ');
        Span<char> lower = stackalloc char[4];
        if (unit.Length > 3)
        {
            return false;
        }
        for (var i = 0; i < unit.Length; i++)
        {
            lower[i] = char.ToLowerInvariant((char)unit[i]);
        }
        var factor = FactorOf(lower[..unit.Length]);
        var value = number * factor;
        if (factor == 0 || value >= ulong.MaxValue)
        {
            return false;
        }
        bytes = (ulong)value;
        return true;
    }

    /// <summary>Go's <c>strconv.ParseFloat</c>.</summary>
    public static bool TryFloat(ReadOnlySpan<byte> text, out double value)
    {
        if (text.Length is > 0 and < 17 && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
        {
            var whole = 0L;
            foreach (var digit in text)
            {
                whole = (whole * 10) + digit - '0';
            }
            value = whole;
            return true;
        }
        if (TryShortDecimal(text, out value))
        {
            return true;
        }
        value = 0;
        if (text.Length > MaxNumberBytes || !System.Text.Ascii.IsValid(text))
        {
            return false;
        }
        Span<char> chars = stackalloc char[text.Length];
        System.Text.Ascii.ToUtf16(text, chars, out _);
        return GoFloat.TryParse(chars, out value);
    }

    /// <summary>What Go says of a text that is no float.</summary>
    public static string FloatFault(ReadOnlySpan<byte> text) => $"strconv.ParseFloat: parsing {GoQuote.Quote(text)}: invalid syntax";

    /// <summary>What Go says of a text that is no duration.</summary>
    public static string DurationFault(ReadOnlySpan<byte> text)
    {
        var quoted = GoQuote.Quote(text);
        var digits = text.Length > 0 && text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        var end = digits.IndexOfAnyExcept("0123456789."u8);
        return end < 0 && digits.Length > 0 ? $"time: missing unit in duration {quoted}"
            : end > 0 ? $"time: unknown unit {GoQuote.Quote(Letters(digits[end..]))} in duration {quoted}" : $"time: invalid duration {quoted}";
    }

    /// <summary>What is said of a text that is no size.</summary>
    public static string BytesFault(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept("0123456789.,"u8);
        return end <= 0 ? "strconv.ParseFloat: parsing \"\": invalid syntax" : $"unhandled size name: {GoQuote.FromBytes(text[end..].Trim((byte)' '))}";
    }

    private static ReadOnlySpan<byte> Letters(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny("0123456789."u8);
        return end < 0 ? text : text[..end];
    }

    /// <summary>At most fifteen digits with a point among them: a whole number and a power of ten that floats have exactly, so that the quotient
    /// is the float nearest to the text.</summary>
    private static bool TryShortDecimal(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length is < 3 or > MaxExactDigits + 1)
        {
            return false;
        }
        var (whole, pointAt) = (0L, -1);
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit <= 9)
            {
                whole = (whole * 10) + digit;
            }
            else if (text[i] == '.' && pointAt < 0 && i > 0 && i < text.Length - 1)
            {
                pointAt = i;
            }
            else
            {
                return false;
            }
        }
        if (pointAt < 0)
        {
            return false;
        }
        value = whole / PowersOfTen[text.Length - 1 - pointAt];
        return true;
    }

    private static bool TryPlain(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length > MaxNumberBytes)
        {
            return false;
        }
        Span<char> chars = stackalloc char[text.Length];
        var count = 0;
        foreach (var b in text)
        {
            if (b != ',')
            {
                chars[count++] = (char)b;
            }
        }
        return double.TryParse(chars[..count], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    private static long NanosecondsOf(ReadOnlySpan<byte> unit)
    {
        if (unit.SequenceEqual("s"u8))
        {
            return 1_000_000_000;
        }
        if (unit.SequenceEqual("ms"u8))
        {
            return 1_000_000;
        }
        if (unit.SequenceEqual("us"u8) || unit.SequenceEqual("\u00b5s"u8) || unit.SequenceEqual("\u03bcs"u8))
        {
            return 1000;
        }
        return unit.SequenceEqual("ns"u8) ? 1 : unit.SequenceEqual("m"u8) ? 60_000_000_000 : unit.SequenceEqual("h"u8) ? 3_600_000_000_000 : 0;
    }

    private static double FactorOf(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "b" => 1,
        "k" or "kb" => 1e3,
        "m" or "mb" => 1e6,
        "g" or "gb" => 1e9,
        "t" or "tb" => 1e12,
        "p" or "pb" => 1e15,
        "e" or "eb" => 1e18,
        "ki" or "kib" => 1L << 10,
        "mi" or "mib" => 1L << 20,
        "gi" or "gib" => 1L << 30,
        "ti" or "tib" => 1L << 40,
        "pi" or "pib" => 1L << 50,
        "ei" or "eib" => 1L << 60,
        _ => 0,
    };
}
