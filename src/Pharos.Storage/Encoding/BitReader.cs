using System.Buffers.Binary;

namespace Pharos.Storage.Encoding;

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
/// <remarks>Reading beyond the bytes yields zero bits and never fails: the checksum around the bytes is what is trusted.</remarks>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _position;

    /// <summary>The bits of each class of signed numbers; wider ones take 64.</summary>
    public static ReadOnlySpan<byte> NumberWidths => [3, 6, 9, 12, 18, 25, 40];

    /// <summary>How many bits are left; below zero once more were read than there are.</summary>
    public readonly long Remaining => (_bytes.Length * 8L) - _position;

    public bool Bit() => Bits(1) == 1;

    /// <summary>The next <paramref name="count"/> (1 to 56) bits.</summary>
    public ulong Bits(int count)
    {
        var at = (int)Math.Min(_position >> 3, _bytes.Length);
        var word = at + 8 <= _bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[at..]) : LastWord(at);
        word = (word << (int)(_position & 7)) >> (64 - count);
        _position += count;
        return word;
    }

    public ulong Bits64() => (Bits(32) << 32) | Bits(32);

    public long Number()
    {
        var widths = NumberWidths;
        var ones = 0;
        while (ones <= widths.Length && Bit())
        {
            ones++;
        }
        if (ones == 0)
        {
            return 0;
        }
        if (ones > widths.Length)
        {
            return (long)Bits64();
        }
        var shift = 64 - widths[ones - 1];
        return (long)(Bits(widths[ones - 1]) << shift) >> shift;
    }

    public ulong Value(ulong lastBits, ref XorWindow window)
    {
        if (!Bit())
        {
            return lastBits;
        }
        if (Bit())
        {
            var leading = (int)Bits(5);
            var width = (int)Bits(6) + 1;
            window = new XorWindow((byte)leading, (byte)Math.Max(0, 64 - leading - width));
        }
        if (!window.IsOpen)
        {
            return lastBits;
        }
        var xor = window.Width > 32 ? (Bits(window.Width - 32) << 32) | Bits(32) : Bits(window.Width);
        return lastBits ^ (xor << window.Trailing);
    }

    private readonly ulong LastWord(int at)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        _bytes[at..].CopyTo(word);
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
