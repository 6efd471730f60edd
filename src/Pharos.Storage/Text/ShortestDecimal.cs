using System.Numerics;

namespace Pharos.Storage.Text;

/// <summary>The shortest decimal that reads back as a double and, of several, the nearest to it, by three multiplications.
/// (Giulietti, "The Schubfach way to render doubles", 2021.)</summary>
/// <remarks>Around a double lies the interval of what reads back as it. Powers of ten are so chosen that the interval holds at least
/// one multiple of the smaller and at most one of the ten times larger power: only four candidates are to be looked at, two of each.
/// The plain twin is the framework's own <c>R</c>, which takes three times as long (150 ns against 50 with the text of <see cref="JsonNumber"/>,
/// on a busy AMD EPYC, 2026-11) and prints some powers of two wrong. It needs a processor that multiplies 64 by 64 bits.</remarks>
internal static class ShortestDecimal
{
    private const int FractionBits = 52;
    private const ulong HiddenBit = 1UL << FractionBits;

    /// <summary>From the biased exponent to that of the whole number that stands before it.</summary>
    private const int Bias = 1075;

    /// <summary>The powers of ten that doubles ask for.</summary>
    private const int MinPower = -292;
    private const int MaxPower = 324;

    /// <summary>The highest 128 bits of each power of ten, upper half first; what is cut off counts as one more.</summary>
    private static readonly ulong[] Powers = MakePowers();

    /// <param name="magnitude">Finite and above zero.</param>
    /// <param name="exponent">Of ten, by which the digits are to be multiplied.</param>
    /// <returns>The digits as a whole number of up to 17 digits; it may end in zeros.</returns>
    public static ulong Find(double magnitude, out int exponent)
    {
        var bits = BitConverter.DoubleToUInt64Bits(magnitude);
        var fraction = bits & (HiddenBit - 1);
        var biased = (int)(bits >> FractionBits);
        var (number, binary) = biased == 0 ? (fraction, 1 - Bias) : (fraction | HiddenBit, biased - Bias);

        // The neighbour below a power of two is only half as far away. All numbers are in quarters from here on.
        var isNearBelow = fraction == 0 && biased > 1;
        var power = isNearBelow ? FloorLog10OfThreeQuarters(binary) : FloorLog10(binary);
        var shift = binary + FloorLog2OfPower(-power) + 1;
        var place = 2 * (-power - MinPower);
        var (high, low) = (Powers[place], Powers[place + 1]);
        var middle = number << 2;
        var value = Multiply(high, low, middle << shift);
        var lowest = Multiply(high, low, (middle - (isNearBelow ? 1UL : 2)) << shift);
        var highest = Multiply(high, low, (middle + 2) << shift);

        // The interval's ends read back as the double only where its number is even.
        var odd = number & 1;
        lowest += odd;
        highest -= odd;

        var whole = value >> 2;
        if (whole >= 10)
        {
            var tens = whole / 10;
            var (below, above) = (tens * 40, (tens * 40) + 40);
            var isBelowInside = lowest <= below;
            var isAboveInside = above <= highest;
            if (isBelowInside != isAboveInside)
            {
                exponent = power + 1;
                return isAboveInside ? tens + 1 : tens;
            }
        }
        exponent = power;
        var (down, up) = (whole << 2, (whole << 2) + 4);
        var isDownInside = lowest <= down;
        var isUpInside = up <= highest;
        if (isDownInside != isUpInside)
        {
            return isUpInside ? whole + 1 : whole;
        }
        // Both are inside: the nearer one, and of equally near ones the even.
        var half = down + 2;
        return value > half || (value == half && (whole & 1) != 0) ? whole + 1 : whole;
    }

    /// <summary>The upper 64 bits of the product; the lowest tells whether anything was left below them.</summary>
    private static ulong Multiply(ulong high, ulong low, ulong number)
    {
        var carried = Math.BigMul(low, number, out _);
        var upper = Math.BigMul(high, number, out var lower);
        lower += carried;
        upper += lower < carried ? 1UL : 0;
        // The power may be too large by one in its last bit, so that a one says nothing.
        return upper | (lower > 1 ? 1UL : 0);
    }

    // Logarithms as fractions that are exact enough for every exponent that occurs.
    private static int FloorLog10(int binary) => (binary * 1_262_611) >> 22;

    private static int FloorLog10OfThreeQuarters(int binary) => ((binary * 1_262_611) - 524_031) >> 22;

    private static int FloorLog2OfPower(int power) => (power * 1_741_647) >> 19;

    private static ulong[] MakePowers()
    {
        const int Bits = 128;
        var powers = new ulong[2 * (MaxPower - MinPower + 1)];
        var five = BigInteger.One;
        for (var power = 0; power <= MaxPower; power++, five *= 5)
        {
            var length = (int)five.GetBitLength();
            Set(power, length > Bits ? -(-five >> (length - Bits)) : five << (Bits - length));
            if (power > 0 && -power >= MinPower)
            {
                Set(-power, ((BigInteger.One << (length + Bits - 1)) / five) + 1);
            }
        }
        return powers;

        void Set(int power, BigInteger upperBits)
        {
            powers[2 * (power - MinPower)] = (ulong)(upperBits >> 64);
            powers[(2 * (power - MinPower)) + 1] = (ulong)(upperBits & ulong.MaxValue);
        }
    }
}
