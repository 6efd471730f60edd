using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Pharos.Storage.Encoding.Vectors;

/// <summary>Unsigned numbers of one width, side by side, lowest bit first.</summary>
/// <remarks>Bytes beyond the end read as zeros: the checksum around the bytes is what is trusted.</remarks>
internal static class BitPacking
{
    public const int MaxWidth = 64;

    /// <summary>Up to this width a number lies inside the eight bytes that begin with its first bit's byte.</summary>
    private const int MaxWordWidth = 57;

    public static int WidthOf(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    public static int SizeBytes(int count, int width) => (int)((((long)count * width) + 7) / 8);

    /// <summary>Packs the low <paramref name="width"/> bits of each number.</summary>
    public static void Pack(ReadOnlySpan<ulong> values, int width, ByteWriter into)
    {
        Debug.Assert(width is >= 0 and <= MaxWidth);
        if (width == 0)
        {
            return;
        }
        var mask = MaskOf(width);
        var word = 0UL;
        var used = 0;
        foreach (var value in values)
        {
            var bits = value & mask;
            word |= bits << used;
            if (used + width >= 64)
            {
                into.U64(word);
                var left = 64 - used;
                word = left == 64 ? 0 : bits >> left;
                used -= 64;
            }
            used += width;
        }
        for (; used > 0; used -= 8)
        {
            into.U8((byte)word);
            word >>= 8;
        }
    }

    /// <summary>Unpacks the numbers from <paramref name="first"/> on, as many as there is room for.</summary>
    public static void Unpack(ReadOnlySpan<byte> bytes, int width, int first, Span<ulong> into)
    {
        Debug.Assert(width is >= 0 and <= MaxWidth);
        if (width == 0)
        {
            into.Clear();
            return;
        }
        var done = Avx2.IsSupported && width <= MaxWordWidth ? UnpackAvx2(bytes, width, first, into) : 0;
        UnpackPlain(bytes, width, first + done, into[done..]);
    }

    /// <summary>What <see cref="Unpack"/> does, number by number: for machines without AVX2, for the ends, and as its oracle.</summary>
    public static void UnpackPlain(ReadOnlySpan<byte> bytes, int width, int first, Span<ulong> into)
    {
        if (width == 0)
        {
            into.Clear();
            return;
        }
        var mask = MaskOf(width);
        var bit = (long)first * width;
        for (var i = 0; i < into.Length; i++, bit += width)
        {
            var at = (int)(bit >> 3);
            var shift = (int)(bit & 7);
            var value = WordAt(bytes, at) >> shift;
            if (shift + width > 64)
            {
                value |= (at + 8 < bytes.Length ? (ulong)bytes[at + 8] : 0) << (64 - shift);
            }
            into[i] = value & mask;
        }
    }

    /// <returns>How many numbers were unpacked; the rest lies too close to the end.</returns>
    // Vector code is not compiled ahead of time, and a query would be over before it is compiled well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int UnpackAvx2(ReadOnlySpan<byte> bytes, int width, int first, Span<ulong> into)
    {
        // The last number of which all eight bytes are there.
        var whole = ((((long)bytes.Length - 8) * 8) / width) - first;
        var count = (int)Math.Min(into.Length, whole) & ~3;
        if (count <= 0)
        {
            return 0;
        }
        var mask = Vector256.Create(MaskOf(width));
        var low = Vector256.Create(7L);
        var start = (long)first * width;
        var bit = Vector256.Create(start, start + width, start + (2L * width), start + (3L * width));
        var step = Vector256.Create(4L * width);
        ref var target = ref MemoryMarshal.GetReference(into);
        fixed (byte* source = bytes)
        {
            for (var i = 0; i < count; i += 4)
            {
                var words = Avx2.GatherVector256((ulong*)source, Vector256.ShiftRightLogical(bit, 3), 1);
                (Avx2.ShiftRightLogicalVariable(words, (bit & low).AsUInt64()) & mask).StoreUnsafe(ref target, (nuint)i);
                bit += step;
            }
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WordAt(ReadOnlySpan<byte> bytes, int at)
    {
        if (at + 8 <= bytes.Length)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
        }
        var word = 0UL;
        for (var i = bytes.Length - 1; i >= at; i--)
        {
            word = (word << 8) | bytes[i];
        }
        return word;
    }

    private static ulong MaskOf(int width) => width == 64 ? ulong.MaxValue : (1UL << width) - 1;
}
