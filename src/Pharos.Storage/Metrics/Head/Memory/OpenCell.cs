using System.Buffers.Binary;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The bits of an open chunk of plain numbers: whole words in a cell, the last bits and the first timestamp in the state, so
/// that most samples touch nothing else.</summary>
/// <remarks>Called under the lock of the series' page.</remarks>
internal static class OpenCell
{
    /// <summary>A chunk that grows gets room for a fourth more: a cell is a dozen cache misses away.</summary>
    private const int GrowthShare = 4;

    public static int SizeBytes(in SeriesState state) => sizeof(long) + ((state.OpenBits + 7) / 8);

    /// <summary>Copies the chunk, <see cref="SizeBytes"/> long.</summary>
    public static void CopyTo(in SeriesState state, ByteSlab cells, Span<byte> into)
    {
        BinaryPrimitives.WriteInt64BigEndian(into, state.OpenMinMs);
        into = into[sizeof(long)..];
        var wholeBytes = (state.OpenBits >> 6) * sizeof(ulong);
        if (wholeBytes > 0)
        {
            cells[state.OpenPlace][..wholeBytes].CopyTo(into);
        }
        var rest = state.Tail;
        foreach (ref var part in into[wholeBytes..((state.OpenBits + 7) / 8)])
        {
            part = (byte)(rest >> 56);
            rest <<= 8;
        }
    }

    /// <summary>Starts an empty chunk.</summary>
    public static void Reset(ref SeriesState state, ByteSlab cells)
    {
        if (state.OpenPlace != ByteSlab.None)
        {
            cells.Free(state.OpenPlace);
        }
        state.OpenPlace = ByteSlab.None;
        state.OpenCount = 0;
        state.OpenBits = 0;
        state.Tail = 0;
    }

    /// <summary>The change of a distance of two timestamps as bits, to be written together with what follows them.</summary>
    public static (ulong Bits, int Count) TimeBits(ref SeriesState state, ByteSlab cells, long deltaOfDelta) =>
        deltaOfDelta == 0 ? (0, 1) : ChangedTimeBits(ref state, cells, deltaOfDelta);

    /// <summary>Adds the low <paramref name="count"/> (1 to 64) bits of a value that has no others, highest first.</summary>
    public static void Write(ref SeriesState state, ByteSlab cells, ulong value, int count)
    {
        var free = 64 - (state.OpenBits & 63);
        if (count < free)
        {
            state.Tail |= value << (free - count);
        }
        else
        {
            var over = count - free;
            Store(ref state, cells, state.Tail | (value >> over));
            state.Tail = over == 0 ? 0 : value << (64 - over);
        }
        state.OpenBits += (ushort)count;
    }

    private static (ulong Bits, int Count) ChangedTimeBits(ref SeriesState state, ByteSlab cells, long deltaOfDelta)
    {
        switch (deltaOfDelta)
        {
            case >= -(1L << 13) and < 1L << 13:
                return ((0b10UL << 14) | Low(deltaOfDelta, 14), 16);
            case >= -(1L << 16) and < 1L << 16:
                return ((0b110UL << 17) | Low(deltaOfDelta, 17), 20);
            case >= -(1L << 19) and < 1L << 19:
                return ((0b1110UL << 20) | Low(deltaOfDelta, 20), 24);
            default:
                Write(ref state, cells, 0b1111, 4);
                Write(ref state, cells, (ulong)deltaOfDelta >> 1, 63);
                return ((ulong)deltaOfDelta & 1, 1);
        }
    }

    private static ulong Low(long value, int count) => (ulong)value & ((1UL << count) - 1);

    private static void Store(ref SeriesState state, ByteSlab cells, ulong word)
    {
        var at = (state.OpenBits >> 6) * sizeof(ulong);
        if (state.OpenPlace == ByteSlab.None)
        {
            state.OpenPlace = cells.Allocate(sizeof(ulong));
        }
        var cell = cells[state.OpenPlace];
        if (at == cell.Length)
        {
            state.OpenPlace = cells.Grow(state.OpenPlace, at + (at / GrowthShare) + sizeof(ulong));
            cell = cells[state.OpenPlace];
        }
        BinaryPrimitives.WriteUInt64BigEndian(cell[at..], word);
    }
}
