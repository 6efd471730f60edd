using System.Buffers;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Values that are no decimals, cut into a left part, of which few differ, and a right part that is noise.</summary>
/// <remarks>After ALP's form for real doubles (see <see cref="DecimalColumn"/>). Layout: u8 bits of the right part, u8 bits of a
/// left part's number, u16 per left part of the dictionary, the packed numbers, the packed right parts, then uvarint exceptions
/// and of each uvarint distance to the one before and u16 left part.</remarks>
internal static class SplitColumn
{
    private const int MinRightBits = 48;
    private const int MaxRightBits = 63;
    private const int MaxNumberBits = 4;

    /// <summary>An exception's place and its left part, nearly always.</summary>
    private const int ExceptionBits = 24;

    /// <param name="scratch">Room for as many numbers.</param>
    public static void Write(ReadOnlySpan<double> values, Span<ulong> scratch, ByteWriter into)
    {
        var (rightBits, numberBits, lefts) = BestCut(values);
        into.U8((byte)rightBits);
        into.U8((byte)numberBits);
        for (var i = 0; i < 1 << numberBits; i++)
        {
            into.U16(i < lefts.Length ? lefts[i] : (ushort)0);
        }
        var room = scratch[..values.Length];
        var exceptions = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var number = Array.IndexOf(lefts, LeftOf(values[i], rightBits));
            exceptions += number < 0 ? 1 : 0;
            room[i] = (ulong)Math.Max(0, number);
        }
        BitPacking.Pack(room, numberBits, into);
        for (var i = 0; i < values.Length; i++)
        {
            room[i] = BitConverter.DoubleToUInt64Bits(values[i]);
        }
        BitPacking.Pack(room, rightBits, into);
        into.UVarint((ulong)exceptions);
        var last = 0;
        for (var i = 0; i < values.Length && exceptions > 0; i++)
        {
            if (LeftOf(values[i], rightBits) is var left && !lefts.Contains(left))
            {
                into.UVarint((ulong)(i - last));
                into.U16(left);
                last = i;
            }
        }
    }

    /// <summary>Reads the values from <paramref name="first"/> on, as many as there is room for, of a column of
    /// <paramref name="count"/>.</summary>
    public static void Read(ref ByteReader from, int count, int first, Span<double> into)
    {
        var (rightBits, numberBits) = (from.U8(), from.U8());
        if (rightBits is < MinRightBits or > MaxRightBits || numberBits > MaxNumberBits)
        {
            throw from.Corrupt($"values cut at bit {rightBits} with numbers of {numberBits} bits");
        }
        Span<ulong> lefts = stackalloc ulong[1 << MaxNumberBits];
        for (var i = 0; i < 1 << numberBits; i++)
        {
            lefts[i] = (ulong)from.U16() << rightBits;
        }
        var numbers = from.Take(BitPacking.SizeBytes(count, numberBits));
        var rights = from.Take(BitPacking.SizeBytes(count, rightBits));
        var rented = ArrayPool<ulong>.Shared.Rent(into.Length * 2);
        var left = rented.AsSpan(0, into.Length);
        var right = rented.AsSpan(into.Length, into.Length);
        BitPacking.Unpack(numbers, numberBits, first, left);
        BitPacking.Unpack(rights, rightBits, first, right);
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = BitConverter.UInt64BitsToDouble(lefts[(int)left[i]] | right[i]);
        }
        ReadExceptions(ref from, count, first, rightBits, right, into);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    private static void ReadExceptions(
        ref ByteReader from, int count, int first, int rightBits, ReadOnlySpan<ulong> right, Span<double> into)
    {
        var at = 0UL;
        for (var left = from.Count(minBytesEach: 3); left > 0; left--)
        {
            at += from.UVarint();
            var part = (ulong)from.U16() << rightBits;
            if (at >= (ulong)count)
            {
                throw from.Corrupt($"value {at} of {count}");
            }
            if (at >= (ulong)first && at - (ulong)first < (ulong)into.Length)
            {
                var i = (int)at - first;
                into[i] = BitConverter.UInt64BitsToDouble(part | right[i]);
            }
        }
    }

    private static ushort LeftOf(double value, int rightBits) => (ushort)(BitConverter.DoubleToUInt64Bits(value) >> rightBits);

    /// <summary>The cut that takes least, and the commonest left parts with it.</summary>
    private static (int RightBits, int NumberBits, ushort[] Lefts) BestCut(ReadOnlySpan<double> values)
    {
        // Sorted once: whatever is cut off on the right, equal left parts stand side by side.
        var rented = ArrayPool<ushort>.Shared.Rent(values.Length);
        var sorted = rented.AsSpan(0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            sorted[i] = LeftOf(values[i], MinRightBits);
        }
        sorted.Sort();
        Span<(int Count, ushort Left)> common = stackalloc (int, ushort)[1 << MaxNumberBits];
        var best = (MaxRightBits, 1, (ushort[])[0, 1]);
        var cost = long.MaxValue;
        for (var rightBits = MinRightBits; rightBits <= MaxRightBits && (long)values.Length * rightBits < cost; rightBits++)
        {
            var listed = Commonest(sorted, rightBits - MinRightBits, common);
            for (var numberBits = 0; numberBits <= MaxNumberBits && (numberBits == 0 || 1 << (numberBits - 1) < listed); numberBits++)
            {
                var taken = common[..Math.Min(listed, 1 << numberBits)];
                var exceptions = values.Length;
                foreach (var (count, _) in taken)
                {
                    exceptions -= count;
                }
                var bits = ((long)values.Length * (rightBits + numberBits)) + ((long)exceptions * ExceptionBits) + (16L << numberBits);
                if (bits < cost)
                {
                    cost = bits;
                    best = (rightBits, numberBits, [.. taken.ToArray().Select(static entry => entry.Left)]);
                }
            }
        }
        ArrayPool<ushort>.Shared.Return(rented);
        return best;
    }

    /// <summary>Lists the left parts that most values have, the commonest first.</summary>
    private static int Commonest(ReadOnlySpan<ushort> sorted, int shift, Span<(int Count, ushort Left)> into)
    {
        var listed = 0;
        for (var i = 0; i < sorted.Length;)
        {
            var left = (ushort)(sorted[i] >> shift);
            var start = i;
            while (i < sorted.Length && sorted[i] >> shift == left)
            {
                i++;
            }
            var count = i - start;
            var at = listed;
            while (at > 0 && into[at - 1].Count < count)
            {
                at--;
            }
            if (at < into.Length)
            {
                listed = Math.Min(listed + 1, into.Length);
                into[at..(listed - 1)].CopyTo(into[(at + 1)..]);
                into[at] = (count, left);
            }
        }
        return listed;
    }
}
