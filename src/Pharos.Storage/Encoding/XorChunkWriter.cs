using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.Encoding;

/// <summary>Packs samples of one series: timestamps as delta of delta, values as XOR with the one before.</summary>
/// <remarks>After "Gorilla: A Fast, Scalable, In-Memory Time Series Database" (VLDB 2015), with wider timestamp classes for
/// milliseconds; the bit layout stands in docs/formats/metric-block.md. A mutable struct that lives inside its series.
/// Not thread-safe, but bits once written never change: whoever noted <see cref="Buffer"/> and <see cref="Count"/> under
/// the series' lock may decode them later without it.</remarks>
internal struct XorChunkWriter
{
    /// <summary>A 64-bit store at any bit must stay inside the buffer.</summary>
    private const int SlackBytes = 16;
    private const int FirstCapacityBytes = 40;
    private const int NoWindow = 255;

    private int _bitLength;
    private long _lastDelta;
    private ulong _lastBits;
    private int _leading;
    private int _trailing;

    public byte[]? Buffer { get; private set; }

    public int Count { get; private set; }

    public long MinTimeMs { get; private set; }

    public long MaxTimeMs { get; private set; }

    public readonly int SizeBytes => (_bitLength + 7) / 8;

    /// <summary>The caller has seen to it that the timestamp is after <see cref="MaxTimeMs"/>.</summary>
    public void Append(long timestampMs, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (Count == 0)
        {
            Buffer = new byte[FirstCapacityBytes + SlackBytes];
            _bitLength = 0;
            _lastDelta = 0;
            _leading = NoWindow;
            MinTimeMs = timestampMs;
            Write64((ulong)timestampMs);
            Write64(bits);
        }
        else
        {
            // Wrapping subtraction: any two timestamps have a difference, and the reader wraps back.
            var delta = unchecked(timestampMs - MaxTimeMs);
            WriteTimestamp(unchecked(delta - _lastDelta));
            _lastDelta = delta;
            WriteValue(bits ^ _lastBits);
        }
        _lastBits = bits;
        MaxTimeMs = timestampMs;
        Count++;
    }

    public readonly byte[] ToArray() => Buffer is null ? [] : Buffer[..SizeBytes];

    /// <summary>Starts an empty chunk; the old buffer stays with whoever reads it.</summary>
    public void Reset() => this = default;

    private void WriteTimestamp(long deltaOfDelta)
    {
        switch (deltaOfDelta)
        {
            case 0:
                Write(0, 1);
                break;
            case >= -(1L << 13) and < 1L << 13:
                Write((0b10UL << 14) | Low(deltaOfDelta, 14), 16);
                break;
            case >= -(1L << 16) and < 1L << 16:
                Write((0b110UL << 17) | Low(deltaOfDelta, 17), 20);
                break;
            case >= -(1L << 19) and < 1L << 19:
                Write((0b1110UL << 20) | Low(deltaOfDelta, 20), 24);
                break;
            default:
                Write(0b1111, 4);
                Write64((ulong)deltaOfDelta);
                break;
        }
    }

    private void WriteValue(ulong xor)
    {
        if (xor == 0)
        {
            Write(0, 1);
            return;
        }
        var leading = Math.Min(31, BitOperations.LeadingZeroCount(xor));
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (_leading != NoWindow && leading >= _leading && trailing >= _trailing)
        {
            Write(0b10, 2);
        }
        else
        {
            _leading = leading;
            _trailing = trailing;
            Write((0b11UL << 11) | ((uint)leading << 6) | (uint)(64 - leading - trailing - 1), 13);
        }
        var significant = 64 - _leading - _trailing;
        if (significant > 32)
        {
            Write(xor >> (_trailing + 32), significant - 32);
            Write((xor >> _trailing) & uint.MaxValue, 32);
        }
        else
        {
            Write(xor >> _trailing, significant);
        }
    }

    private static ulong Low(long value, int count) => (ulong)value & ((1UL << count) - 1);

    private void Write64(ulong value)
    {
        Write(value >> 32, 32);
        Write(value & uint.MaxValue, 32);
    }

    /// <summary>Adds the low <paramref name="count"/> (at most 56) bits of a value that has no others, highest first.</summary>
    private void Write(ulong value, int count)
    {
        var at = _bitLength >> 3;
        if (at + SlackBytes > Buffer!.Length)
        {
            // A new array, never a resized one in place: readers hold the old.
            var bytes = Buffer;
            Array.Resize(ref bytes, (bytes.Length * 3 / 2) + SlackBytes);
            Buffer = bytes;
        }
        var room = Buffer.AsSpan(at, 8);
        var word = BinaryPrimitives.ReadUInt64BigEndian(room) | (value << (64 - (_bitLength & 7) - count));
        BinaryPrimitives.WriteUInt64BigEndian(room, word);
        _bitLength += count;
    }
}
