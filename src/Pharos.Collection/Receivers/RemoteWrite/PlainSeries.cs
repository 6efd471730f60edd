using System.Buffers.Binary;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Steps over the message <c>TimeSeries</c> of protocol 1.0 where it has nothing but labels and then samples, in the form in
/// which encoders write them. Whatever else there may be, good or bad, is left to <see cref="WriteRequestV1"/>.</summary>
internal static class PlainSeries
{
    private const byte LengthOfField1 = 0x0a;
    private const byte LengthOfField2 = 0x12;
    private const byte DoubleOfField1 = 0x09;
    private const byte VarintOfField2 = 0x10;

    /// <summary>What a sample takes whose timestamp takes six bytes.</summary>
    private const int UsualBytes = 2 + 1 + sizeof(double) + 1 + 6;

    /// <summary>How many bytes the labels take at the start of a message; -1 where no sample can follow.</summary>
    public static int LabelsLength(ReadOnlySpan<byte> message)
    {
        var at = 0;
        while (at + 1 < message.Length && message[at] == LengthOfField1)
        {
            int length = message[at + 1];
            at += 2;
            if (length >= 0x80)
            {
                if (at == message.Length || message[at] >= 0x80)
                {
                    return -1;
                }
                length = (length & 0x7f) | (message[at++] << 7);
            }
            at += length;
        }
        return at < message.Length ? at : -1;
    }

    /// <summary>Whether a sample can begin at a place.</summary>
    public static bool HasSampleAt(ReadOnlySpan<byte> message, int at) => at < message.Length && message[at] == LengthOfField2;

    /// <summary>Reads the sample at a place and moves the place behind it.</summary>
    /// <returns>False where there is none that is plain.</returns>
    public static bool TrySample(ReadOnlySpan<byte> message, ref int at, out long timestampMs, out double value)
    {
        if (TryUsual(message, at, out timestampMs, out value))
        {
            at += UsualBytes;
            return true;
        }
        if (message.Length - at < 2 || message[at] != LengthOfField2 || message[at + 1] >= 0x80)
        {
            return false;
        }
        var end = at + 2 + message[at + 1];
        at += 2;
        if (end > message.Length)
        {
            return false;
        }
        // A field that is zero is left out.
        if (end - at > sizeof(double) && message[at] == DoubleOfField1)
        {
            value = BinaryPrimitives.ReadDoubleLittleEndian(message[(at + 1)..]);
            at += 1 + sizeof(double);
        }
        if (at < end && message[at] == VarintOfField2)
        {
            at++;
            timestampMs = Varint(message[..end], ref at);
        }
        return at == end;
    }

    /// <summary>As <see cref="TrySample"/>, for a sample with both fields and a timestamp of six bytes: every one from 1971 to 2109.</summary>
    private static bool TryUsual(ReadOnlySpan<byte> message, int at, out long timestampMs, out double value)
    {
        const int ValueAt = 3;
        const int LastWordAt = UsualBytes - sizeof(ulong);
        const ulong HeadMask = 0xffffff;
        const ulong Head = (DoubleOfField1 << 16) | ((UsualBytes - 2) << 8) | LengthOfField2;

        // Of the last eight bytes the first is the value's, the next the timestamp's key. Of a number's bytes only the last has no high bit.
        const ulong TimeMask = 0x80_80_80_80_80_80_ff_00;
        const ulong Time = (0x00_80_80_80_80_80UL << 16) | (VarintOfField2 << 8);
        (timestampMs, value) = (0, 0);
        if (message.Length - at < UsualBytes)
        {
            return false;
        }
        var sample = message.Slice(at, UsualBytes);
        var time = BinaryPrimitives.ReadUInt64LittleEndian(sample[LastWordAt..]);
        if ((BinaryPrimitives.ReadUInt64LittleEndian(sample) & HeadMask) != Head || (time & TimeMask) != Time)
        {
            return false;
        }
        value = BinaryPrimitives.ReadDoubleLittleEndian(sample[ValueAt..]);

        // Six groups of seven bits, then three of fourteen.
        time >>= 16;
        time = (time & 0x007f_007f_007f) | ((time & 0x7f00_7f00_7f00) >> 1);
        timestampMs = (long)((time & 0x3fff) | ((time & 0x3fff_0000) >> 2) | ((time & 0x3fff_0000_0000) >> 4));
        return true;
    }

    /// <summary>Leaves the bytes, to -1, where they are no number.</summary>
    private static long Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0L;
        for (var shift = 0; at < bytes.Length && shift < 64; shift += 7)
        {
            var next = bytes[at];
            value |= (long)(next & 0x7f) << shift;
            at++;
            if (next < 0x80)
            {
                return value;
            }
        }
        at = -1;
        return 0;
    }
}
