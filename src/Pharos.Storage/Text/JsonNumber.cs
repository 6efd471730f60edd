using System.Buffers.Text;
using System.Globalization;

namespace Pharos.Storage.Text;

/// <summary>Writes values as Prometheus' JSON carries them, as bytes: the text of <see cref="GoFloat.FormatJson"/>, which is its
/// plain twin, without making a string.</summary>
public static class JsonNumber
{
    /// <summary>No value takes more bytes.</summary>
    public const int MaxBytes = 32;

    /// <summary>Below this, a number with up to <see cref="Places"/> decimals has fifteen digits at most.</summary>
    private const double MaxShort = 1e11;

    /// <summary>From here on, and below <see cref="MaxPlain"/>, .NET writes no exponent.</summary>
    private const double MinPlain = 1e-4;
    private const double MaxPlain = 1e15;

    private const int Places = 4;
    private const double Scale = 1e4;

    /// <param name="into">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> into)
    {
        var magnitude = Math.Abs(value);
        if (magnitude < MaxShort)
        {
            var scaled = Math.Round(magnitude * Scale);
            // A decimal of fifteen digits that reads back as the value is the shortest that does: no two of them read alike.
            if (scaled / Scale == magnitude)
            {
                return WriteShort((ulong)scaled, double.IsNegative(value), into);
            }
        }
        if (magnitude is >= MinPlain and < MaxPlain)
        {
            // The shortest digits, as everywhere in .NET.
            value.TryFormat(into, out var written, default, CultureInfo.InvariantCulture);
            return written;
        }
        return System.Text.Encoding.ASCII.GetBytes(GoFloat.FormatJson(value), into);
    }

    private static int WriteShort(ulong scaled, bool isNegative, Span<byte> into)
    {
        var length = 0;
        if (isNegative)
        {
            into[length++] = (byte)'-';
        }
        var (whole, fraction) = Math.DivRem(scaled, (ulong)Scale);
        Utf8Formatter.TryFormat(whole, into[length..], out var written);
        length += written;
        if (fraction == 0)
        {
            return length;
        }
        into[length++] = (byte)'.';
        var digits = into.Slice(length, Places);
        for (var i = Places - 1; i >= 0; i--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            digits[i] = (byte)('0' + digit);
        }
        return length + digits.TrimEnd((byte)'0').Length;
    }
}
