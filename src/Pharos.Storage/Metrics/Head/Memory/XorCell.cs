using System.Numerics;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Adds numbers to an open chunk as XOR with the one before: the same bits that <see cref="Encoding.XorChunkWriter"/> writes,
/// which is the plain twin that tests hold this against.</summary>
internal static class XorCell
{
    /// <summary>More zeros than a value has: none fits.</summary>
    private const byte NoWindow = 255;

    /// <summary>The caller has seen to it that the timestamp is after the last one.</summary>
    public static void Append(ref SeriesState state, ByteSlab cells, long timestampMs, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (state.OpenCount == 0)
        {
            state.OpenMinMs = timestampMs;
            state.LastDelta = 0;
            state.Leading = NoWindow;
            OpenCell.Write(ref state, cells, bits, 64);
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

    private static void WriteSample(ref SeriesState state, ByteSlab cells, long deltaOfDelta, ulong xor)
    {
        var (head, count) = OpenCell.TimeBits(ref state, cells, deltaOfDelta);
        if (xor == 0)
        {
            OpenCell.Write(ref state, cells, head << 1, count + 1);
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
            OpenCell.Write(ref state, cells, (head << significant) | (xor >> state.Trailing), count + significant);
            return;
        }
        OpenCell.Write(ref state, cells, head, count);
        OpenCell.Write(ref state, cells, xor >> state.Trailing, significant);
    }
}
