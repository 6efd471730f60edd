using System.Numerics;

namespace Pharos.Collection.Exposition;

/// <summary>The double that is nearest to a decimal, by two multiplications. (Lemire, "Number parsing at a gigabyte per second", 2021.)</summary>
/// <remarks>Holds for decimals of up to 19 digits, where the product of the digits and the power, of which 128 bits are kept, tells how
/// to round; nearly always it does. Sums of seconds usually have 17 digits and come this way. The plain twin is
/// <see cref="double.Parse(string)"/>.</remarks>
internal static class NearestDouble
{
    /// <summary>Of the power of ten, either way; numbers beyond it are rare.</summary>
    private const int MaxExponent = 40;

    private const int MantissaBits = 52;
    private const int ExponentBias = 1023;

    /// <summary>What stands below the mantissa in the upper half of the product, of which the highest bit may be zero.</summary>
    private const int SpareBits = 64 - MantissaBits - 3;

    private static readonly UInt128[] PowersOfFive = [.. Enumerable.Range(-MaxExponent, (2 * MaxExponent) + 1).Select(PowerOfFive)];

    /// <summary>Finds the double nearest to <paramref name="digits"/> times ten to the power of <paramref name="exponent"/>.</summary>
    /// <returns>False where this way does not tell.</returns>
    public static bool TryFind(ulong digits, int exponent, out double value)
    {
        value = 0;
        if (digits == 0 || Math.Abs(exponent) > MaxExponent)
        {
            return false;
        }
        var zeros = BitOperations.LeadingZeroCount(digits);
        var power = PowersOfFive[exponent + MaxExponent];
        var (high, low) = Multiply(digits << zeros, (ulong)(power >> 64), (ulong)power);
        if (low == ulong.MaxValue && exponent is < -27 or > 55)
        {
            return false;
        }
        var top = (int)(high >> 63);
        var mantissa = high >> (top + SpareBits);
        // Halfway between two doubles: only here an even one is to be chosen.
        if (low <= 1 && exponent is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << (top + SpareBits) == high)
        {
            mantissa &= ~1UL;
        }
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        var binary = ExponentOf(exponent) + top - zeros + ExponentBias;
        if (mantissa >> (MantissaBits + 1) != 0)
        {
            mantissa >>= 1;
            binary++;
        }
        value = BitConverter.UInt64BitsToDouble((mantissa & ((1UL << MantissaBits) - 1)) | ((ulong)binary << MantissaBits));
        return true;
    }

    /// <summary>The upper 128 bits of the product, as far as they matter for 55 of them.</summary>
    private static (ulong High, ulong Low) Multiply(ulong digits, ulong powerHigh, ulong powerLow)
    {
        const ulong Unsure = ulong.MaxValue >> (MantissaBits + 3);
        var high = Math.BigMul(digits, powerHigh, out var low);
        if ((high & Unsure) == Unsure)
        {
            var carried = Math.BigMul(digits, powerLow, out _);
            low = unchecked(low + carried);
            high += low < carried ? 1UL : 0;
        }
        return (high, low);
    }

    /// <summary>The binary exponent of a power of ten: 152170 / 65536 is the binary logarithm of ten, near enough.</summary>
    private static int ExponentOf(int exponent) => (((152170 + 65536) * exponent) >> 16) + 63;

    /// <summary>The power's highest 128 bits; of a fraction, one above what is cut off.</summary>
    private static UInt128 PowerOfFive(int exponent)
    {
        const int Bits = 128;
        var power = BigInteger.Pow(5, Math.Abs(exponent));
        var length = (int)power.GetBitLength();
        if (exponent >= 0)
        {
            return (UInt128)(length > Bits ? power >> (length - Bits) : power << (Bits - length));
        }
        return (UInt128)(((BigInteger.One << (length + Bits - 1)) / power) + 1);
    }
}
