using Pharos.Storage.Metrics;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Encoding 1: timestamps as delta of delta, values as XOR with the one before (Prometheus: chunkenc/xor.go).</summary>
/// <remarks>Of the same family as <see cref="Storage.Encoding.XorChunkWriter"/>, but neither the first two samples nor the
/// ranges of the timestamp classes are the same bits.</remarks>
internal static class XorChunk
{
    public const int HeaderBytes = 2;

    public static void Decode(BitReader reader, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        long timestampMs = 0;
        long delta = 0;
        ulong bits = 0;
        var window = default(XorWindow);
        for (var i = 0; i < count; i++)
        {
            if (i == 0)
            {
                timestampMs = reader.Varint();
                bits = reader.Bits(64);
            }
            else
            {
                delta = i == 1 ? (long)reader.UVarint() : unchecked(delta + ReadDeltaOfDelta(ref reader));
                timestampMs = unchecked(timestampMs + delta);
                bits = window.Read(ref reader, bits);
            }
            if (timestampMs >= minTimeMs && timestampMs <= maxTimeMs)
            {
                into.Add(timestampMs, BitConverter.UInt64BitsToDouble(bits));
            }
        }
    }

    public static byte[] Encode(ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        var writer = new BitWriter();
        var window = default(XorWindow);
        writer.Bits((uint)timestamps.Length, 16);
        long delta = 0;
        ulong before = 0;
        for (var i = 0; i < timestamps.Length; i++)
        {
            var bits = BitConverter.DoubleToUInt64Bits(values[i]);
            if (i == 0)
            {
                writer.Varint(timestamps[0]);
                writer.Bits(bits, 64);
            }
            else
            {
                var newDelta = unchecked(timestamps[i] - timestamps[i - 1]);
                if (i == 1)
                {
                    writer.UVarint((ulong)newDelta);
                }
                else
                {
                    WriteDeltaOfDelta(writer, unchecked(newDelta - delta));
                }
                delta = newDelta;
                window.Write(writer, bits ^ before);
            }
            before = bits;
        }
        return writer.ToArray();
    }

    private static long ReadDeltaOfDelta(ref BitReader reader)
    {
        var size = !reader.Bit() ? 0 : !reader.Bit() ? 14 : !reader.Bit() ? 17 : !reader.Bit() ? 20 : 64;
        var bits = reader.Bits(size);
        return size is 0 or 64 ? (long)bits : BitClasses.Signed(bits, size);
    }

    private static void WriteDeltaOfDelta(BitWriter writer, long value)
    {
        if (value == 0)
        {
            writer.Bit(false);
            return;
        }
        var (prefix, prefixBits, size) = BitClasses.Holds(value, 14) ? (0b10u, 2, 14)
            : BitClasses.Holds(value, 17) ? (0b110u, 3, 17)
            : BitClasses.Holds(value, 20) ? (0b1110u, 4, 20) : (0b1111u, 4, 64);
        writer.Bits(prefix, prefixBits);
        writer.Bits((ulong)value, size);
    }
}
