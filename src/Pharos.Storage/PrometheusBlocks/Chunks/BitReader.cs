using System.Buffers.Binary;
using Pharos.Storage.Files;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Reads the bits of a chunk, highest first, and refuses to read beyond them.</summary>
/// <param name="file">Named in the exception when the bits make no sense.</param>
/// <param name="fileOffset">Where in the file <paramref name="bytes"/> begin.</param>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, string file, long fileOffset)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private long _position;

    public readonly long Remaining => (_bytes.Length * 8L) - _position;

    public bool Bit() => Bits(1) != 0;

    /// <summary>The next <paramref name="count"/> (0 to 64) bits.</summary>
    public ulong Bits(int count)
    {
        if (count > Remaining)
        {
            throw Corrupt("the chunk ends before its last sample");
        }
        if (count > 56)
        {
            return (Bits(count - 32) << 32) | Bits(32);
        }
        if (count == 0)
        {
            return 0;
        }
        var at = (int)(_position >> 3);
        var word = at + 8 <= _bytes.Length ? BinaryPrimitives.ReadUInt64BigEndian(_bytes[at..]) : LastWord(at);
        word = (word << (int)(_position & 7)) >> (64 - count);
        _position += count;
        return word;
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Bits(64));

    /// <summary>Go's variable-length number: seven bits a byte, lowest first.</summary>
    public ulong UVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Bits(8);
            value |= (part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        throw Corrupt("a number longer than 64 bits");
    }

    public long Varint()
    {
        var value = UVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number in one of <see cref="BitClasses"/>, as two's complement whose one extra value is positive.</summary>
    public long VarbitInt()
    {
        var size = ClassSize();
        var bits = Bits(size);
        return size is 0 or 64 ? (long)bits : BitClasses.Signed(bits, size);
    }

    public ulong VarbitUInt() => Bits(ClassSize());

    public readonly CorruptFileException Corrupt(string reason) => new(file, fileOffset + (_position >> 3), reason);

    private int ClassSize()
    {
        var ones = 0;
        while (ones < BitClasses.Sizes.Length - 1 && Bit())
        {
            ones++;
        }
        return BitClasses.Sizes[ones];
    }

    private readonly ulong LastWord(int at)
    {
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        _bytes[at..].CopyTo(word);
        return BinaryPrimitives.ReadUInt64BigEndian(word);
    }
}
