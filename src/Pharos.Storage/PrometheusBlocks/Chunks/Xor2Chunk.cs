using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Encoding 4: one prefix for timestamp and value together, and start times (Prometheus: chunkenc/xor2.go).</summary>
internal static class Xor2Chunk
{
    /// <summary>The number of samples, and the header of the start times.</summary>
    public const int HeaderBytes = 3;

    public static void Decode(
        BitReader reader, int count, byte startHeader, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var starts = new StartTimes(startHeader);
        var window = default(XorWindow);
        long timestampMs = 0;
        long delta = 0;
        // Stale markers are no part of the chain of values.
        ulong baseline = 0;
        for (var i = 0; i < count; i++)
        {
            var before = timestampMs;
            double value;
            if (i == 0)
            {
                timestampMs = reader.Varint();
                value = reader.Double();
                baseline = StaleMarker.Is(value) ? 0 : BitConverter.DoubleToUInt64Bits(value);
            }
            else
            {
                if (i == 1)
                {
                    delta = (long)reader.UVarint();
                    value = ReadValue(ref reader, ref window, ref baseline);
                }
                else
                {
                    value = ReadJoint(ref reader, ref window, ref baseline, ref delta);
                }
                timestampMs = unchecked(timestampMs + delta);
            }
            starts.Read(ref reader, i, timestampMs, before);
            if (timestampMs >= minTimeMs && timestampMs <= maxTimeMs)
            {
                into.Add(timestampMs, value, null, starts.StartTimeMs);
            }
        }
    }

    public static byte[] Encode(ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values, ReadOnlySpan<long> startTimes)
    {
        var writer = new BitWriter();
        writer.Bits((uint)timestamps.Length, 16);
        writer.Bits(0, 8);
        var starts = default(StartTimes);
        var window = default(XorWindow);
        long delta = 0;
        ulong baseline = 0;
        for (var i = 0; i < timestamps.Length; i++)
        {
            var before = i == 0 ? 0 : timestamps[i - 1];
            var newDelta = i == 0 ? 0 : unchecked(timestamps[i] - before);
            if (i == 0)
            {
                writer.Varint(timestamps[0]);
                writer.Double(values[0]);
            }
            else if (i == 1)
            {
                writer.UVarint((ulong)newDelta);
                WriteValue(writer, ref window, baseline, values[1]);
            }
            else
            {
                WriteJoint(writer, ref window, baseline, unchecked(newDelta - delta), values[i]);
            }
            delta = newDelta;
            baseline = StaleMarker.Is(values[i]) ? baseline : BitConverter.DoubleToUInt64Bits(values[i]);
            starts.Write(writer, i, timestamps[i], before, startTimes.IsEmpty ? 0 : startTimes[i]);
        }
        writer.PatchByte(HeaderBytes - 1, starts.Header);
        return writer.ToArray();
    }

    private static double ReadJoint(ref BitReader reader, ref XorWindow window, ref ulong baseline, ref long delta)
    {
        var ones = 0;
        while (ones < 5 && reader.Bit())
        {
            ones++;
        }
        switch (ones)
        {
            case 0:
                return BitConverter.UInt64BitsToDouble(baseline);
            case 1:
                baseline = reader.Bit() ? window.ReadNew(ref reader, baseline) : window.ReadSame(ref reader, baseline);
                return BitConverter.UInt64BitsToDouble(baseline);
            case 5:
                return StaleMarker.Value;
            default:
                var size = ones == 2 ? 13 : ones == 3 ? 20 : 64;
                // Plain two's complement here, unlike the other encodings.
                delta = unchecked(delta + ((long)(reader.Bits(size) << (64 - size)) >> (64 - size)));
                return ReadValue(ref reader, ref window, ref baseline);
        }
    }

    private static double ReadValue(ref BitReader reader, ref XorWindow window, ref ulong baseline)
    {
        if (reader.Bit())
        {
            if (!reader.Bit())
            {
                baseline = window.ReadSame(ref reader, baseline);
            }
            else if (!reader.Bit())
            {
                baseline = window.ReadNew(ref reader, baseline);
            }
            else
            {
                return StaleMarker.Value;
            }
        }
        return BitConverter.UInt64BitsToDouble(baseline);
    }

    private static void WriteJoint(BitWriter writer, ref XorWindow window, ulong baseline, long deltaOfDelta, double value)
    {
        var xor = BitConverter.DoubleToUInt64Bits(value) ^ baseline;
        switch (deltaOfDelta)
        {
            case 0 when StaleMarker.Is(value):
                writer.Bits(0b11111, 5);
                return;
            case 0 when xor == 0:
                writer.Bit(false);
                return;
            case 0:
                writer.Bits(0b10, 2);
                window.WriteChanged(writer, xor, sameWindow: (0, 1), newWindow: (1, 1));
                return;
            case >= -(1L << 12) and < 1L << 12:
                writer.Bits(0b110, 3);
                writer.Bits((ulong)deltaOfDelta, 13);
                break;
            case >= -(1L << 19) and < 1L << 19:
                writer.Bits(0b1110, 4);
                writer.Bits((ulong)deltaOfDelta, 20);
                break;
            default:
                writer.Bits(0b11110, 5);
                writer.Bits((ulong)deltaOfDelta, 64);
                break;
        }
        WriteValue(writer, ref window, baseline, value);
    }

    private static void WriteValue(BitWriter writer, ref XorWindow window, ulong baseline, double value)
    {
        var xor = BitConverter.DoubleToUInt64Bits(value) ^ baseline;
        if (StaleMarker.Is(value))
        {
            writer.Bits(0b111, 3);
        }
        else if (xor == 0)
        {
            writer.Bit(false);
        }
        else
        {
            window.WriteChanged(writer, xor, sameWindow: (0b10, 2), newWindow: (0b110, 3));
        }
    }
}
