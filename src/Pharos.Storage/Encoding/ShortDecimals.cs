using System.Runtime.InteropServices;
using Pharos.Storage.Encoding.Vectors;

namespace Pharos.Storage.Encoding;

/// <summary>Values one after the other, each by itself, as short decimals where they are such: what the log writes at intake, where
/// a value's neighbours are values of other series.</summary>
/// <remarks>Layout: runs until all values are there; each uvarint, number of values x 32 + 16 if some are below zero + exponent
/// (0 to 14; 15: no decimals), then per value of decimals uvarint whole number (varint where some are below zero), else u64 bits.
/// A value goes in as a decimal only if it comes back bit by bit.</remarks>
internal static class ShortDecimals
{
    private const int MaxRun = 512;
    private const int FormBits = 5;
    private const int SignedFlag = 16;
    private const int MaxExponent = 14;
    private const int Raw = 15;

    /// <summary>Beyond so many bits the eight bytes of the value are as short.</summary>
    private const long MaxWhole = 1L << 48;

    /// <summary>So many values one after the other that need a digit less end a run.</summary>
    private const int MaxLooseValues = 4;

    /// <summary>What a number of one more bit, for its sign, takes at most.</summary>
    private const int MaxNumberBytes = 7;

    public static void Write(ReadOnlySpan<double> values, ByteWriter into)
    {
        Span<long> wholes = stackalloc long[MaxRun];
        while (!values.IsEmpty)
        {
            var exponent = ExponentOf(values[0]);
            var count = exponent == Raw ? RawRun(values) : DecimalRun(values, exponent, wholes);
            if (exponent == Raw)
            {
                into.UVarint(((ulong)count << FormBits) | Raw);
                into.Bytes(MemoryMarshal.AsBytes(values[..count]));
            }
            else
            {
                WriteDecimals(wholes[..count], exponent, into);
            }
            values = values[count..];
        }
    }

    /// <summary>Fills all of <paramref name="into"/>.</summary>
    public static void Read(ref ByteReader from, Span<double> into)
    {
        while (!into.IsEmpty)
        {
            var head = from.UVarint();
            var (count, form) = (head >> FormBits, (int)(head & ((1 << FormBits) - 1)));
            if (count == 0 || count > (ulong)into.Length || form == (SignedFlag | Raw))
            {
                throw from.Corrupt($"a run of {count} values of form {form} with {into.Length} values left");
            }
            var run = into[..(int)count];
            into = into[run.Length..];
            if (form == Raw)
            {
                from.Take(run.Length * sizeof(double)).CopyTo(MemoryMarshal.AsBytes(run));
                continue;
            }
            var wholes = MemoryMarshal.Cast<double, long>(run);
            for (var i = 0; i < wholes.Length; i++)
            {
                wholes[i] = (form & SignedFlag) == 0 ? (long)from.UVarint() : from.Varint();
            }
            DecimalColumn.ToValues(wholes, form & ~SignedFlag, run);
        }
    }

    private static void WriteDecimals(ReadOnlySpan<long> wholes, int exponent, ByteWriter into)
    {
        var signs = 0L;
        foreach (var whole in wholes)
        {
            signs |= whole;
        }
        var isSigned = signs < 0;
        into.UVarint(((ulong)wholes.Length << FormBits) | (uint)exponent | (isSigned ? SignedFlag : 0u));
        var room = into.Reserve(wholes.Length * MaxNumberBytes);
        var at = 0;
        foreach (var whole in wholes)
        {
            var number = isSigned ? (ulong)((whole << 1) ^ (whole >> 63)) : (ulong)whole;
            while (number >= 0x80)
            {
                room[at++] = (byte)(number | 0x80);
                number >>= 7;
            }
            room[at++] = (byte)number;
        }
        into.Advance(at);
    }

    /// <summary>How many values are decimals of this exponent; they are in <paramref name="wholes"/>.</summary>
    private static int DecimalRun(ReadOnlySpan<double> values, int exponent, Span<long> wholes)
    {
        var count = Math.Min(values.Length, wholes.Length);
        var loose = 0;
        for (var i = 0; i < count; i++)
        {
            if (!DecimalColumn.TryWhole(values[i], exponent, out var whole) || whole is >= MaxWhole or <= -MaxWhole)
            {
                return i;
            }
            wholes[i] = whole;
            if (exponent > 0)
            {
                loose = whole % 10 == 0 ? loose + 1 : 0;
                if (loose == MaxLooseValues && i >= MaxLooseValues)
                {
                    return i + 1 - MaxLooseValues;
                }
            }
        }
        return count;
    }

    private static int RawRun(ReadOnlySpan<double> values)
    {
        var count = 1;
        while (count < values.Length && count < MaxRun && ExponentOf(values[count]) == Raw)
        {
            count++;
        }
        return count;
    }

    private static int ExponentOf(double value) =>
        DecimalColumn.TryShortest(value, out var exponent) && exponent <= MaxExponent
            && DecimalColumn.TryWhole(value, exponent, out var whole) && whole is < MaxWhole and > -MaxWhole ? exponent : Raw;
}
