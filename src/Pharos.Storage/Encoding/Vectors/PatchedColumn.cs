using System.Numerics;
using System.Runtime.InteropServices;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Whole numbers as differences to a base, in the width that costs least; the few that need more are listed.</summary>
/// <remarks>Layout: varint base, u8 width, uvarint patches, the packed differences, then per patch uvarint distance to the
/// patch before and uvarint difference. Differences wrap, so that any two numbers have one: what lies below the base is a
/// patch.</remarks>
internal static class PatchedColumn
{
    /// <summary>How many outliers at the lower end the base may pass over: a counter's resets, a late scrape.</summary>
    private const int MaxLowOutliers = 4;

    /// <summary>Numbers of so few bits are packed as they are: patches would save hardly anything.</summary>
    private const int MaxPlainWidth = 4;

    /// <summary>What a patch takes beside its own bytes, nearly always.</summary>
    private const int PatchPlaceBytes = 1;

    /// <param name="scratch">Room for as many numbers.</param>
    public static void Write(ReadOnlySpan<long> numbers, Span<ulong> scratch, ByteWriter into)
    {
        var plan = PlanFor(numbers);
        into.Varint(plan.Base);
        into.U8((byte)plan.Width);
        into.UVarint((ulong)plan.Patches);
        WriteDifferences(numbers, plan, scratch, into);
    }

    /// <summary>The packed differences and the patches.</summary>
    public static void WriteDifferences(ReadOnlySpan<long> numbers, Plan plan, Span<ulong> scratch, ByteWriter into)
    {
        var differences = scratch[..numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            differences[i] = unchecked((ulong)(numbers[i] - plan.Base));
        }
        BitPacking.Pack(differences, plan.Width, into);
        var last = 0;
        for (var i = 0; i < differences.Length && plan.Patches > 0; i++)
        {
            if (BitPacking.WidthOf(differences[i]) > plan.Width)
            {
                into.UVarint((ulong)(i - last));
                into.UVarint(differences[i]);
                last = i;
            }
        }
    }

    /// <summary>Reads the numbers from <paramref name="first"/> on, as many as there is room for, of a column of
    /// <paramref name="count"/>; the reader then stands behind the column.</summary>
    public static void Read(ref ByteReader from, int count, int first, Span<long> into)
    {
        var start = from.Varint();
        var width = from.U8();
        if (width > BitPacking.MaxWidth)
        {
            throw from.Corrupt($"numbers of {width} bits");
        }
        var patches = from.UVarint();
        ReadDifferences(ref from, count, width, patches, first, MemoryMarshal.Cast<long, ulong>(into));
        AddToEach(into, start);
    }

    /// <summary>What <see cref="WriteDifferences"/> wrote.</summary>
    public static void ReadDifferences(ref ByteReader from, int count, int width, ulong patches, int first, Span<ulong> differences)
    {
        if (patches > (ulong)count)
        {
            throw from.Corrupt($"{patches} patches of {count} numbers");
        }
        BitPacking.Unpack(from.Take(BitPacking.SizeBytes(count, width)), width, first, differences);
        var at = 0UL;
        for (; patches > 0; patches--)
        {
            at += from.UVarint();
            var difference = from.UVarint();
            if (at >= (ulong)count)
            {
                throw from.Corrupt($"a patch of number {at} of {count}");
            }
            if (at >= (ulong)first && at - (ulong)first < (ulong)differences.Length)
            {
                differences[(int)at - first] = difference;
            }
        }
    }

    /// <summary>Turns a first number and differences into numbers.</summary>
    public static void Sum(Span<long> numbers)
    {
        var sum = 0L;
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = sum = unchecked(sum + numbers[i]);
        }
    }

    public static Plan PlanFor(ReadOnlySpan<long> numbers)
    {
        if (numbers.IsEmpty)
        {
            return default;
        }
        var (min, max) = Ends(numbers);
        var range = BitPacking.WidthOf(unchecked((ulong)(max - min)));
        if (range <= MaxPlainWidth)
        {
            return new Plan(min, range, 0, BitPacking.SizeBytes(numbers.Length, range));
        }
        Span<long> lowest = stackalloc long[MaxLowOutliers];
        ListLowest(numbers, lowest);
        var best = PlanFor(numbers, min);
        for (var i = 1; i < Math.Min(lowest.Length, numbers.Length); i++)
        {
            // Another base helps only where it lies nearer to the rest.
            if (BitPacking.WidthOf(unchecked((ulong)(max - lowest[i]))) < range
                && PlanFor(numbers, lowest[i]) is var plan && plan.SizeBytes < best.SizeBytes)
            {
                best = plan;
            }
        }
        return best;
    }

    public static (long Min, long Max) Ends(ReadOnlySpan<long> numbers)
    {
        var (min, max) = (long.MaxValue, long.MinValue);
        foreach (var number in numbers)
        {
            min = Math.Min(min, number);
            max = Math.Max(max, number);
        }
        return (min, max);
    }

    private static void ListLowest(ReadOnlySpan<long> numbers, Span<long> lowest)
    {
        lowest.Fill(long.MaxValue);
        var highest = long.MaxValue;
        foreach (var number in numbers)
        {
            if (number >= highest)
            {
                continue;
            }
            for (var i = 0; i < lowest.Length; i++)
            {
                if (number < lowest[i])
                {
                    lowest[i..^1].CopyTo(lowest[(i + 1)..]);
                    lowest[i] = number;
                    break;
                }
            }
            highest = lowest[^1];
        }
    }

    private static Plan PlanFor(ReadOnlySpan<long> numbers, long start)
    {
        // Two counts a width, by turns, so that one count need not wait for the last: most numbers are of one width.
        const int Counts = BitPacking.MaxWidth + 1;
        Span<int> ofWidth = stackalloc int[Counts * 2];
        ofWidth.Clear();
        for (var i = 0; i < numbers.Length; i++)
        {
            ofWidth[BitPacking.WidthOf(unchecked((ulong)(numbers[i] - start))) + ((i & 1) * Counts)]++;
        }
        var best = new Plan(start, BitPacking.MaxWidth, 0, BitPacking.SizeBytes(numbers.Length, BitPacking.MaxWidth));
        var (patches, patchBytes) = (0, 0);
        for (var width = BitPacking.MaxWidth - 1; width >= 0; width--)
        {
            var wider = ofWidth[width + 1] + ofWidth[width + 1 + Counts];
            patches += wider;
            patchBytes += wider * (PatchPlaceBytes + ((width + 7) / 7));
            var bytes = BitPacking.SizeBytes(numbers.Length, width) + patchBytes;
            if (bytes <= best.SizeBytes)
            {
                best = new Plan(start, width, patches, bytes);
            }
        }
        return best;
    }

    public static void AddToEach(Span<long> numbers, long value)
    {
        var i = 0;
        var all = new Vector<long>(value);
        for (; i + Vector<long>.Count <= numbers.Length; i += Vector<long>.Count)
        {
            (new Vector<long>(numbers[i..]) + all).CopyTo(numbers[i..]);
        }
        for (; i < numbers.Length; i++)
        {
            numbers[i] = unchecked(numbers[i] + value);
        }
    }

    /// <param name="SizeBytes">Without base, width and number of patches.</param>
    internal readonly record struct Plan(long Base, int Width, int Patches, int SizeBytes);
}
