using System.Buffers.Binary;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks what <see cref="XorChunkWriter"/> packed, sample by sample, straight into columns.</summary>
/// <remarks>Reading beyond the bytes yields zero bits and never fails: the checksum around the bytes is what is trusted.</remarks>
internal ref struct XorChunkReader
{
    /// <summary>So many bits follow in a word that was read at the byte of the first of them.</summary>
    private const int InOneWord = 57;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _left;
    private bool _started;
    private long _timestamp;
    private long _delta;
    private ulong _valueBits;
    private int _leading;
    private int _significant;

    public XorChunkReader(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _left = count;
    }

    public readonly long TimestampMs => _timestamp;

    public readonly double Value => BitConverter.UInt64BitsToDouble(_valueBits);

    /// <summary>Appends the first <paramref name="count"/> samples as far as they lie in the range (both ends inclusive).</summary>
    /// <remarks>Exploits that nearly every sample lies inside one word: an interval as before takes a bit, a value's bits follow.
    /// <see cref="Next"/> is the plain twin. 240 samples of a counter: 1.6 to 2.9 us, one by one 3.6 to 4.1 us (AMD EPYC, busy,
    /// November 2026).</remarks>
    public static void ReadRange(ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        // A sample takes two bits at least: a damaged count is not believed beyond that.
        count = Math.Min(count, bytes.Length * 4);
        into.Reserve(count, out var timestamps, out var values);
        var reader = new XorChunkReader(bytes, count);
        var read = 0;
        while (reader.Next())
        {
            timestamps[read] = reader._timestamp;
            values[read++] = reader.Value;
            read += reader.ReadRegular(timestamps[read..], values[read..]);
        }
        // What lies outside is rarely much: whole chunks were left out before.
        var first = 0;
        while (first < read && timestamps[first] < minTimeMs)
        {
            first++;
        }
        var end = first;
        while (end < read && timestamps[end] <= maxTimeMs)
        {
            end++;
        }
        timestamps[first..end].CopyTo(timestamps);
        values[first..end].CopyTo(values);
        into.Advance(end - first);
    }

    public bool Next()
    {
        if (_left == 0)
        {
            return false;
        }
        _left--;
        if (!_started)
        {
            _started = true;
            _timestamp = (long)Read64();
            _valueBits = Read64();
            return true;
        }
        unchecked
        {
            _delta += ReadDeltaOfDelta();
            _timestamp += _delta;
        }
        ReadValue();
        return true;
    }

    /// <summary>Reads on as long as every sample keeps the interval and lies inside one word.</summary>
    /// <returns>How many were read; where it is none, <see cref="Next"/> goes on.</returns>
    private int ReadRegular(Span<long> timestamps, Span<double> values)
    {
        var bytes = _bytes;
        var (position, valueBits, leading, significant) = (_position, _valueBits, _leading, _significant);
        var (timestamp, delta) = (_timestamp, _delta);
        var read = 0;
        for (; read < timestamps.Length && (position >> 3) + 8 <= bytes.Length; read++)
        {
            // The upper 57 bits at least are those that follow.
            var word = BinaryPrimitives.ReadUInt64BigEndian(bytes[(position >> 3)..]) << (position & 7);
            var used = 2;
            if (word >> 61 == 0b010 && significant is > 0 and <= InOneWord - 3)
            {
                valueBits ^= ((word << 3) >> (64 - significant)) << (64 - leading - significant);
                used = 3 + significant;
            }
            else if (word >> 61 == 0b011 && (int)((word >> 50) & 63) < InOneWord - 14)
            {
                leading = (int)((word >> 56) & 31);
                significant = (int)((word >> 50) & 63) + 1;
                valueBits ^= ((word << 14) >> (64 - significant)) << (64 - leading - significant);
                used = 14 + significant;
            }
            else if (word >> 62 != 0)
            {
                break;
            }
            position += used;
            timestamp = unchecked(timestamp + delta);
            timestamps[read] = timestamp;
            values[read] = BitConverter.UInt64BitsToDouble(valueBits);
        }
        (_position, _valueBits, _leading, _significant) = (position, valueBits, leading, significant);
        _timestamp = timestamp;
        _left -= read;
        return read;
    }

    private long ReadDeltaOfDelta()
    {
        if (Read(1) == 0)
        {
            return 0;
        }
        if (Read(1) == 0)
        {
            return Signed(14);
        }
        if (Read(1) == 0)
        {
            return Signed(17);
        }
        return Read(1) == 0 ? Signed(20) : (long)Read64();
    }

    private void ReadValue()
    {
        if (Read(1) == 0)
        {
            return;
        }
        if (Read(1) == 1)
        {
            _leading = (int)Read(5);
            _significant = (int)Read(6) + 1;
        }
        var xor = _significant > 32 ? (Read(_significant - 32) << 32) | Read(32) : Read(_significant);
        _valueBits ^= xor << (64 - _leading - _significant);
    }

    private long Signed(int count) => (long)(Read(count) << (64 - count)) >> (64 - count);

    private ulong Read64() => (Read(32) << 32) | Read(32);

    /// <summary>The next <paramref name="count"/> (1 to 56) bits.</summary>
    private ulong Read(int count)
    {
        var at = _position >> 3;
        var word = at + 8 <= _bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[at..]) : LastWord(at);
        word = (word << (_position & 7)) >> (64 - count);
        _position += count;
        return word;
    }

    private readonly ulong LastWord(int at)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        if (at < _bytes.Length)
        {
            _bytes[at..].CopyTo(word);
        }
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
