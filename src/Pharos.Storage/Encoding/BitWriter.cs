using System.Buffers.Binary;
using System.Numerics;

namespace Pharos.Storage.Encoding;

/// <summary>A growing string of bits, highest first. A mutable struct inside the chunk that it packs.</summary>
/// <remarks>Not thread-safe, but bits once written never change: whoever noted <see cref="Buffer"/> under a lock may read what
/// was written before without it.</remarks>
internal struct BitWriter
{
    /// <summary>A 64-bit store at any bit must stay inside the buffer.</summary>
    private const int SlackBytes = 16;
    private const int FirstCapacityBytes = 64;

    private int _bitLength;

    public byte[]? Buffer { get; private set; }

    public readonly int SizeBytes => (_bitLength + 7) / 8;

    public void Bit(bool value) => Bits(value ? 1UL : 0UL, 1);

    /// <summary>Adds the low <paramref name="count"/> (1 to 56) bits of a value that has no others.</summary>
    public void Bits(ulong value, int count)
    {
        var at = _bitLength >> 3;
        if (at + SlackBytes > (Buffer?.Length ?? 0))
        {
            // A new array, never a resized one in place: readers hold the old.
            var bytes = Buffer;
            Array.Resize(ref bytes, Math.Max(FirstCapacityBytes, (bytes?.Length ?? 0) * 3 / 2) + SlackBytes);
            Buffer = bytes;
        }
        var room = Buffer.AsSpan(at, 8);
        var word = BinaryPrimitives.ReadUInt64BigEndian(room) | (value << (64 - (_bitLength & 7) - count));
        BinaryPrimitives.WriteUInt64BigEndian(room, word);
        _bitLength += count;
    }

    public void Bits64(ulong value)
    {
        Bits(value >> 32, 32);
        Bits(value & uint.MaxValue, 32);
    }

    /// <summary>A signed number: as many ones as its class has in <see cref="BitReader.NumberWidths"/>, a zero, and its bits;
    /// small numbers are short, 0 is one bit.</summary>
    public void Number(long value)
    {
        if (value == 0)
        {
            Bits(0, 1);
            return;
        }
        var widths = BitReader.NumberWidths;
        for (var i = 0; i < widths.Length; i++)
        {
            var half = 1L << (widths[i] - 1);
            if (value >= -half && value < half)
            {
                Bits(((1UL << (i + 1)) - 1) << 1, i + 2);
                Bits((ulong)value & ((1UL << widths[i]) - 1), widths[i]);
                return;
            }
        }
        Bits((1UL << (widths.Length + 1)) - 1, widths.Length + 1);
        Bits64((ulong)value);
    }

    /// <summary>A double as XOR with the bits of the one before, in the manner of <see cref="XorChunkWriter"/>.</summary>
    public void Value(ulong bits, ulong lastBits, ref XorWindow window)
    {
        var xor = bits ^ lastBits;
        if (xor == 0)
        {
            Bits(0, 1);
            return;
        }
        var leading = Math.Min(31, BitOperations.LeadingZeroCount(xor));
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (window.IsOpen && leading >= window.Leading && trailing >= window.Trailing)
        {
            Bits(0b10, 2);
        }
        else
        {
            window = new XorWindow((byte)leading, (byte)trailing);
            Bits((0b11UL << 11) | ((uint)leading << 6) | (uint)(window.Width - 1), 13);
        }
        var width = window.Width;
        if (width > 32)
        {
            Bits(xor >> (window.Trailing + 32), width - 32);
            Bits((xor >> window.Trailing) & uint.MaxValue, 32);
        }
        else
        {
            Bits(xor >> window.Trailing, width);
        }
    }

    public readonly byte[] ToArray() => Buffer is null ? [] : Buffer[..SizeBytes];
}
