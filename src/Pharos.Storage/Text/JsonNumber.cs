using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.Text;

/// <summary>Writes values as Prometheus' JSON carries them, as bytes: the text of <see cref="GoFloat.FormatJson"/>, which is its
/// plain twin, without making a string.</summary>
/// <remarks>Digits are put into place eight at a time, so that more than the text is written over; what lies behind it means
/// nothing.</remarks>
public static class JsonNumber
{
    /// <summary>The room that a value needs while it is written.</summary>
    public const int MaxBytes = 32;

    /// <summary>No text is longer: <c>-0.00000</c> and seventeen digits.</summary>
    public const int MaxTextBytes = 25;

    /// <summary>Below this, a number with up to <see cref="Places"/> decimals has fifteen digits at most.</summary>
    private const double MaxShort = 1e11;
    private const int Places = 4;
    private const double Scale = 1e4;

    /// <summary>A decimal times <see cref="Scale"/> is nearer to a whole number.</summary>
    private const double Near = 1e-3;

    /// <summary>The decimal point stands at most so far before the digits, or behind their first one, without an exponent.</summary>
    private const int MinPoint = -5;
    private const int MaxPoint = 21;

    /// <summary>Digits are aligned to so many, the most that a double has.</summary>
    private const int Digits = 17;
    private const ulong FirstOfDigits = 10_000_000_000_000_000;
    private const ulong Zeros = 0x3030303030303030;

    private static readonly ulong[] PowersOfTen = MakePowersOfTen();

    /// <param name="into">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> into)
    {
        if (!double.IsFinite(value))
        {
            return WriteNonFinite(value, into);
        }
        // One check for all that follows.
        into = into[..MaxBytes];
        into[0] = (byte)'-';
        var sign = double.IsNegative(value) ? 1 : 0;
        var magnitude = Math.Abs(value);
        if (magnitude < MaxShort)
        {
            var scaled = magnitude * Scale;
            var whole = Math.Round(scaled);
            // A decimal of fifteen digits that reads back as the value is the shortest that does: no two of them read alike.
            if (Math.Abs(whole - scaled) < Near && whole / Scale == magnitude)
            {
                return sign + WriteDecimal((ulong)whole, -Places, into[sign..]);
            }
        }
        return sign + WriteDecimal(ShortestDecimal.Find(magnitude, out var exponent), exponent, into[sign..]);
    }

    private static int WriteDecimal(ulong number, int exponent, Span<byte> into)
    {
        if (number == 0)
        {
            into[0] = (byte)'0';
            return 1;
        }
        var length = CountDigits(number);
        var point = length + exponent;
        var (first, rest) = Math.DivRem(number * PowersOfTen[Digits - length], FirstOfDigits);
        var (upper, lower) = Math.DivRem(rest, 100_000_000);
        var (middle, end) = (EightDigits(upper), EightDigits(lower));
        var significant = end != 0 ? Digits - (BitOperations.LeadingZeroCount(end) / 8)
            : middle != 0 ? Digits - 8 - (BitOperations.LeadingZeroCount(middle) / 8) : 1;
        middle |= Zeros;
        end |= Zeros;
        var text = new DigitText((middle << 8) | '0' | first, (end << 8) | (middle >> 56), end >> 56);
        if (point is < MinPoint or > MaxPoint)
        {
            text.WithPoint(1).CopyTo(into);
            return WriteExponent(point - 1, into, significant == 1 ? 1 : significant + 1);
        }
        if (point <= 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(into, (Zeros & ~0xFF00UL) | ('.' << 8));
            text.CopyTo(into[(2 - point)..]);
            return 2 - point + significant;
        }
        if (point < significant)
        {
            text.WithPoint(point).CopyTo(into);
            return significant + 1;
        }
        text.CopyTo(into);
        BinaryPrimitives.WriteUInt64LittleEndian(into[Digits..], Zeros);
        return point;
    }

    private static int WriteExponent(int exponent, Span<byte> into, int length)
    {
        into[length++] = (byte)'e';
        into[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        var (hundreds, rest) = Math.DivRem(Math.Abs(exponent), 100);
        if (hundreds > 0)
        {
            into[length++] = (byte)('0' + hundreds);
        }
        into[length++] = (byte)('0' + (rest / 10));
        into[length++] = (byte)('0' + (rest % 10));
        return length;
    }

    private static int WriteNonFinite(double value, Span<byte> into)
    {
        var text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        text.CopyTo(into);
        return text.Length;
    }

    /// <summary>The digits of a number below 10^8, each a byte of its value, the first in the lowest byte. Halves of four digits,
    /// of two and of one are parted in all lanes at once.</summary>
    private static ulong EightDigits(ulong number)
    {
        var fours = (number / 10_000) | ((number % 10_000) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
        var twos = hundreds | ((fours - (hundreds * 100)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
        return tens | ((twos - (tens * 10)) << 8);
    }

    private static int CountDigits(ulong number)
    {
        // 1233 / 4096 is the decimal logarithm of two, near enough.
        var guess = ((BitOperations.Log2(number) + 1) * 1233) >> 12;
        return number < PowersOfTen[guess] ? guess : guess + 1;
    }

    private static ulong[] MakePowersOfTen()
    {
        var powers = new ulong[20];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /// <summary>Up to 18 characters, the first in the lowest byte.</summary>
    private readonly struct DigitText(ulong first, ulong second, ulong third)
    {
        /// <summary>The same with a decimal point before one of the characters.</summary>
        /// <param name="place">1 to 16.</param>
        public DigitText WithPoint(int place)
        {
            var mask = (1UL << (8 * (place & 7))) - 1;
            var point = (mask + 1) * '.';
            var last = (third << 8) | (second >> 56);
            return place < 8 ? new DigitText((first & mask) | point | ((first & ~mask) << 8), (second << 8) | (first >> 56), last)
                : place < 16 ? new DigitText(first, (second & mask) | point | ((second & ~mask) << 8), last)
                : new DigitText(first, second, (third << 8) | '.');
        }

        public void CopyTo(Span<byte> into)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(into, first);
            BinaryPrimitives.WriteUInt64LittleEndian(into[8..], second);
            BinaryPrimitives.WriteUInt16LittleEndian(into[16..], (ushort)third);
        }
    }
}
