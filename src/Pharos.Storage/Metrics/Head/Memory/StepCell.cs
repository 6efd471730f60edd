using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>Adds numbers of few decimals to an open chunk as steps of whole numbers; <see cref="StepChunkReader"/> unpacks them.</summary>
/// <remarks>A counter that grows by dozens takes 12 bits a sample where XOR takes 40. Any number can stand between, but takes more
/// than with XOR, so a chunk with many such is ended.</remarks>
internal static class StepCell
{
    /// <summary>Bounds what a chunk may hold of numbers that are no decimals: markers of staleness, most often.</summary>
    private const int MaxRaw = 4;

    /// <summary>Whether a chunk that begins with a number should be of steps.</summary>
    public static bool Suits(double value) => ExponentOf(value, 0) >= 0;

    /// <summary>Adds a sample; false where the chunk is to end before it. The caller has seen to it that the timestamp is after the last
    /// one, and that a chunk begins with a number that suits.</summary>
    public static bool TryAppend(ref SeriesState state, ByteSlab cells, long timestampMs, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (state.OpenCount == 0)
        {
            state.OpenMinMs = timestampMs;
            state.LastDelta = 0;
            state.Exponent = (byte)ExponentOf(value, 0);
            state.RawCount = 0;
            WriteWhole(ref state, cells, 0, 0, value);
        }
        else
        {
            var same = bits == state.LastBits;
            var from = 0L;
            var to = 0L;
            var isStep = !same && TryScale(value, state.Exponent, out to) && TryScaleLast(state, out from);
            var exponent = same || isStep ? state.Exponent : ExponentOf(value, state.Exponent);
            if (exponent < 0 && state.RawCount == MaxRaw)
            {
                return false;
            }

            // Wrapping subtraction: any two timestamps have a difference, and the reader wraps back.
            var delta = unchecked(timestampMs - state.LastMs);
            var (head, count) = OpenCell.TimeBits(ref state, cells, unchecked(delta - state.LastDelta));
            state.LastDelta = delta;
            if (same)
            {
                OpenCell.Write(ref state, cells, head << 1, count + 1);
            }
            else if (isStep)
            {
                WriteStep(ref state, cells, head, count, to - from, value);
            }
            else if (exponent >= 0)
            {
                state.Exponent = (byte)exponent;
                WriteWhole(ref state, cells, head, count, value);
            }
            else
            {
                state.RawCount++;
                OpenCell.Write(ref state, cells, (head << 9) | (0b11111UL << 4) | StepChunkReader.RawExponent, count + 9);
                OpenCell.Write(ref state, cells, bits, 64);
            }
        }
        state.LastBits = bits;
        state.LastMs = timestampMs;
        state.OpenCount++;
        return true;
    }

    /// <summary>Unless some number was none of few decimals, the last one is such: the division that shows it can be left out.</summary>
    private static bool TryScaleLast(in SeriesState state, out long whole)
    {
        var last = BitConverter.UInt64BitsToDouble(state.LastBits);
        if (state.RawCount > 0)
        {
            return TryScale(last, state.Exponent, out whole);
        }
        whole = (long)Math.Round(last * StepChunkReader.PowerOf(state.Exponent));
        return true;
    }

    private static void WriteStep(ref SeriesState state, ByteSlab cells, ulong head, int count, long step, double value)
    {
        var zigzag = (ulong)((step << 1) ^ (step >> 63));
        switch (zigzag)
        {
            case < 1UL << 5:
                OpenCell.Write(ref state, cells, (((head << 2) | 0b10) << 5) | zigzag, count + 7);
                break;
            case < 1UL << 8:
                OpenCell.Write(ref state, cells, (((head << 3) | 0b110) << 8) | zigzag, count + 11);
                break;
            case < 1UL << 12:
                OpenCell.Write(ref state, cells, (((head << 4) | 0b1110) << 12) | zigzag, count + 16);
                break;
            case < 1UL << 24:
                OpenCell.Write(ref state, cells, (((head << 5) | 0b11110) << 24) | zigzag, count + 29);
                break;
            default:
                WriteWhole(ref state, cells, head, count, value);
                break;
        }
    }

    /// <summary>The exponent and the whole number itself.</summary>
    private static void WriteWhole(ref SeriesState state, ByteSlab cells, ulong head, int count, double value)
    {
        TryScale(value, state.Exponent, out var whole);
        OpenCell.Write(ref state, cells, (head << 9) | (0b11111UL << 4) | state.Exponent, count + 9);
        OpenCell.Write(ref state, cells, (ulong)whole, 64);
    }

    /// <summary>The least exponent, from one on, of which a number is a decimal; negative for none.</summary>
    private static int ExponentOf(double value, int from)
    {
        for (var exponent = from; exponent <= StepChunkReader.MaxExponent; exponent++)
        {
            if (TryScale(value, exponent, out _))
            {
                return exponent;
            }
        }
        return -1;
    }

    /// <summary>The whole number that gives a value, bit by bit, when it is divided by the power of ten.</summary>
    private static bool TryScale(double value, int exponent, out long whole)
    {
        if (exponent == 0)
        {
            // What counters have, without a division.
            whole = (long)value;
            return Math.Abs(value) <= 1L << 52 && BitConverter.DoubleToUInt64Bits(whole) == BitConverter.DoubleToUInt64Bits(value);
        }
        var power = StepChunkReader.PowerOf(exponent);
        var scaled = value * power;
        if (!(Math.Abs(scaled) <= 1L << 52))
        {
            whole = 0;
            return false;
        }
        whole = (long)Math.Round(scaled);
        return BitConverter.DoubleToUInt64Bits(whole / power) == BitConverter.DoubleToUInt64Bits(value);
    }
}
