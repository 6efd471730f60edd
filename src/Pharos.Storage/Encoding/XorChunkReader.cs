using System.Buffers.Binary;
using Pharos.Storage.Metrics;

namespace Pharos.Storage.Encoding;

/// <summary>Unpacks what <see cref="XorChunkWriter"/> packed, sample by sample, straight into columns.</summary>
/// <remarks>Reading beyond the bytes yields zero bits and never fails: the checksum around the bytes is what is trusted.</remarks>
internal ref struct XorChunkReader
{
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
    public static void ReadRange(ReadOnlySpan<byte> bytes, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        // A sample takes two bits at least: a damaged count is not believed beyond that.
        count = Math.Min(count, bytes.Length * 4);
        into.Reserve(count, out var timestamps, out var values);
        var reader = new XorChunkReader(bytes, count);
        var taken = 0;
        while (reader.Next() && reader._timestamp <= maxTimeMs)
        {
            if (reader._timestamp >= minTimeMs)
            {
                timestamps[taken] = reader._timestamp;
                values[taken++] = reader.Value;
            }
        }
        into.Advance(taken);
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
