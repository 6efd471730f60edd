using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Values that are short decimals, as whole numbers with one exponent; those that are none are listed as they are.</summary>
/// <remarks>After ALP (Afroozeh, Kuffó, Boncz: "ALP: Adaptive Lossless floating-Point Compression", SIGMOD 2023), with a
/// division instead of two multiplications: the quotient of two exact numbers is rounded once, so it is the very double that
/// the decimal's text reads as. A value goes in only if it comes back bit by bit.</remarks>
internal static class DecimalColumn
{
    /// <summary>Beyond these whole numbers doubles are not dense any more.</summary>
    private const double MaxWhole = 1L << 53;

    /// <summary>So many values are looked at to find the exponent.</summary>
    private const int Probes = 24;

    /// <summary>What an exception takes, and what a digit more takes of every value.</summary>
    private const double ExceptionBits = 72;
    private const double BitsPerDigit = 3.33;

    /// <summary>Whole numbers of so many bits are found although the multiplication before rounds.</summary>
    private const int ExactBits = 49;
    private const double DigitsPerBit = 0.30103;

    /// <summary>Powers of ten that a double holds exactly.</summary>
    private static ReadOnlySpan<double> Powers =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    public static int MaxExponent => Powers.Length - 1;

    /// <summary>The exponent with which a few of the values promise to take the least; negative where most of them are no decimals.</summary>
    public static int FindExponent(ReadOnlySpan<double> values)
    {
        Span<int> withExponent = stackalloc int[MaxExponent + 1];
        withExponent.Clear();
        var (step, probes, decimals) = (Math.Max(1, values.Length / Probes), 0, 0);
        for (var i = 0; i < values.Length; i += step, probes++)
        {
            if (TryShortest(values[i], out var shortest))
            {
                withExponent[shortest]++;
                decimals++;
            }
        }
        if (decimals * 2 < probes)
        {
            return -1;
        }
        var (best, bestBits) = (0, double.MaxValue);
        var covered = 0;
        for (var exponent = 0; exponent <= MaxExponent && covered < decimals; exponent++)
        {
            covered += withExponent[exponent];
            var bits = ((probes - covered) * ExceptionBits) + (probes * exponent * BitsPerDigit);
            if (withExponent[exponent] > 0 && bits < bestBits)
            {
                (best, bestBits) = (exponent, bits);
            }
        }
        return best;
    }

    /// <summary>The smallest exponent by which a value becomes whole; false where it is no decimal.</summary>
    public static bool TryShortest(double value, out int exponent)
    {
        exponent = 0;
        if (TryWhole(value, 0, out _))
        {
            return true;
        }
        // The largest power that leaves room for what the multiplication rounds: with it, every shorter decimal is whole as well.
        var magnitude = Math.Abs(value);
        var most = Math.Min(MaxExponent, (int)((ExactBits - Math.ILogB(magnitude)) * DigitsPerBit));
        if (!(magnitude > 0) || most <= 0 || !TryWhole(value, most, out var whole))
        {
            return false;
        }
        exponent = most;
        while (exponent > 1 && whole % 10 == 0)
        {
            whole /= 10;
            exponent--;
        }
        return TryWhole(value, exponent, out _);
    }

    /// <summary>Turns values to whole numbers; one that cannot be gets the number before it, and its place is noted.</summary>
    public static List<int> ToWhole(ReadOnlySpan<double> values, int exponent, Span<long> wholes)
    {
        var exceptions = new List<int>();
        var last = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            if (TryWhole(values[i], exponent, out var whole))
            {
                last = whole;
            }
            else
            {
                exceptions.Add(i);
            }
            wholes[i] = last;
        }
        return exceptions;
    }

    /// <summary>The values of whole numbers, written over them.</summary>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToValues(Span<long> wholes, int exponent, Span<double> values)
    {
        var i = 0;
        if (exponent == 0)
        {
            for (; i + Vector256<double>.Count <= wholes.Length; i += Vector256<double>.Count)
            {
                Vector256.ConvertToDouble(Vector256.Create<long>(wholes[i..])).CopyTo(values[i..]);
            }
        }
        else
        {
            var power = Vector256.Create(Powers[exponent]);
            for (; i + Vector256<double>.Count <= wholes.Length; i += Vector256<double>.Count)
            {
                (Vector256.ConvertToDouble(Vector256.Create<long>(wholes[i..])) / power).CopyTo(values[i..]);
            }
        }
        ToValuesPlain(wholes[i..], exponent, values[i..]);
    }

    /// <summary>What <see cref="ToValues"/> does, value by value.</summary>
    public static void ToValuesPlain(ReadOnlySpan<long> wholes, int exponent, Span<double> values)
    {
        var power = Powers[exponent];
        for (var i = 0; i < wholes.Length; i++)
        {
            values[i] = exponent == 0 ? wholes[i] : wholes[i] / power;
        }
    }

    public static void WriteExceptions(ReadOnlySpan<double> values, List<int> exceptions, ByteWriter into)
    {
        into.UVarint((ulong)exceptions.Count);
        var last = 0;
        foreach (var at in exceptions)
        {
            into.UVarint((ulong)(at - last));
            into.U64(BitConverter.DoubleToUInt64Bits(values[at]));
            last = at;
        }
    }

    /// <summary>Puts back the exceptions of a column of <paramref name="count"/>, of which the values from
    /// <paramref name="first"/> on are at hand.</summary>
    public static void ReadExceptions(ref ByteReader from, int count, int first, Span<double> values)
    {
        var at = 0UL;
        for (var left = from.Count(minBytesEach: 9); left > 0; left--)
        {
            at += from.UVarint();
            var value = from.U64();
            if (at >= (ulong)count)
            {
                throw from.Corrupt($"value {at} of {count}");
            }
            if (at >= (ulong)first && at - (ulong)first < (ulong)values.Length)
            {
                values[(int)at - first] = BitConverter.UInt64BitsToDouble(value);
            }
        }
    }

    public static bool TryWhole(double value, int exponent, out long whole)
    {
        if (exponent == 0)
        {
            whole = (long)value;
            return BitConverter.DoubleToUInt64Bits(whole) == BitConverter.DoubleToUInt64Bits(value) && Math.Abs(value) <= MaxWhole;
        }
        var power = Powers[exponent];
        var scaled = value * power;
        whole = 0;
        if (!(Math.Abs(scaled) <= MaxWhole))
        {
            return false;
        }
        whole = (long)Math.Round(scaled);
        return BitConverter.DoubleToUInt64Bits(whole / power) == BitConverter.DoubleToUInt64Bits(value);
    }
}
