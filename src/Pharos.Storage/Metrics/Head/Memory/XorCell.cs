using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The open chunk of plain numbers of a series: the same bits that <see cref="Encoding.XorChunkWriter"/> writes, which is
/// the plain twin that tests hold this against.</summary>
/// <remarks>Only whole words go into the cell; what is behind them waits in the state, so that most samples touch nothing else.
/// The first timestamp is in the state, too. Called under the lock of the series' page.</remarks>
internal static class XorCell
{
    /// <summary>More zeros than a value has: none fits.</summary>
    private const byte NoWindow = 255;

    public static int SizeBytes(in SeriesState state) => sizeof(long) + ((state.OpenBits + 7) / 8);

    /// <summary>The caller has seen to it that the timestamp is after the last one.</summary>
    public static void Append(ref SeriesState state, ByteSlab cells, long timestampMs, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (state.OpenCount == 0)
        {
            state.OpenMinMs = timestampMs;
            state.LastDelta = 0;
            state.Leading = NoWindow;
            Write(ref state, cells, bits, 64);
        }
        else
        {
            // Wrapping subtraction: any two timestamps have a difference, and the reader wraps back.
            var delta = unchecked(timestampMs - state.LastMs);
            WriteSample(ref state, cells, unchecked(delta - state.LastDelta), bits ^ state.LastBits);
            state.LastDelta = delta;
        }
        state.LastBits = bits;
        state.LastMs = timestampMs;
        state.OpenCount++;
    }

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

    /// <summary>The bits of a timestamp and what leads the value's, to be written at once.</summary>
    private static void WriteSample(ref SeriesState state, ByteSlab cells, long deltaOfDelta, ulong xor)
    {
        ulong head;
        int count;
        switch (deltaOfDelta)
        {
            case 0:
                (head, count) = (0, 1);
                break;
            case >= -(1L << 13) and < 1L << 13:
                (head, count) = ((0b10UL << 14) | Low(deltaOfDelta, 14), 16);
                break;
            case >= -(1L << 16) and < 1L << 16:
                (head, count) = ((0b110UL << 17) | Low(deltaOfDelta, 17), 20);
                break;
            case >= -(1L << 19) and < 1L << 19:
                (head, count) = ((0b1110UL << 20) | Low(deltaOfDelta, 20), 24);
                break;
            default:
                Write(ref state, cells, 0b1111, 4);
                Write(ref state, cells, (ulong)deltaOfDelta >> 1, 63);
                (head, count) = ((ulong)deltaOfDelta & 1, 1);
                break;
        }
        if (xor == 0)
        {
            Write(ref state, cells, head << 1, count + 1);
            return;
        }
        var leading = Math.Min(31, BitOperations.LeadingZeroCount(xor));
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (leading >= state.Leading && trailing >= state.Trailing)
        {
            (head, count) = ((head << 2) | 0b10, count + 2);
        }
        else
        {
            state.Leading = (byte)leading;
            state.Trailing = (byte)trailing;
            head = (head << 13) | (0b11UL << 11) | ((uint)leading << 6) | (uint)(64 - leading - trailing - 1);
            count += 13;
        }
        var significant = 64 - state.Leading - state.Trailing;
        if (count + significant <= 64)
        {
            Write(ref state, cells, (head << significant) | (xor >> state.Trailing), count + significant);
            return;
        }
        Write(ref state, cells, head, count);
        Write(ref state, cells, xor >> state.Trailing, significant);
    }

    private static ulong Low(long value, int count) => (ulong)value & ((1UL << count) - 1);

    /// <summary>Adds the low <paramref name="count"/> (1 to 64) bits of a value that has no others, highest first.</summary>
    private static void Write(ref SeriesState state, ByteSlab cells, ulong value, int count)
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
            state.OpenPlace = cells.Grow(state.OpenPlace, at + sizeof(ulong));
            cell = cells[state.OpenPlace];
        }
        BinaryPrimitives.WriteUInt64BigEndian(cell[at..], word);
    }
}
