using System.Buffers.Binary;
using Pharos.Storage.Files;

namespace Pharos.Storage.Encoding;

/// <summary>Reads what <see cref="ByteWriter"/> wrote and refuses to read beyond it.</summary>
/// <param name="file">Named in the exception when the bytes make no sense.</param>
/// <param name="fileOffset">Where in the file <paramref name="bytes"/> begin.</param>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, string file, long fileOffset = 0)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>What an exception names.</summary>
    public readonly string File => file;

    public readonly long FileOffset => fileOffset;

    public int Position { get; set; }

    public readonly int Remaining => _bytes.Length - Position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public int U16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint U32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong U64BigEndian() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public double DoubleBigEndian() => BitConverter.UInt64BitsToDouble(U64BigEndian());

    /// <summary>Seven bits a byte; nearly all numbers are of one.</summary>
    public ulong UVarint()
    {
        var at = Position;
        if ((uint)at < (uint)_bytes.Length && _bytes[at] is < 0x80 and var value)
        {
            Position = at + 1;
            return value;
        }
        return LongUVarint();
    }

    public long Varint()
    {
        var value = UVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A number of things that follow, each of at least <paramref name="minBytesEach"/> bytes: a count that the
    /// remaining bytes cannot hold is refused before anything is allocated for it.</summary>
    public int Count(int minBytesEach = 1)
    {
        var count = UVarint();
        if (count > (ulong)(Remaining / minBytesEach))
        {
            throw Corrupt($"a count of {count} with {Remaining} bytes left");
        }
        return (int)count;
    }

    public ReadOnlySpan<byte> Take(int size)
    {
        if (size < 0 || size > Remaining)
        {
            throw Corrupt($"{size} bytes wanted with {Remaining} left");
        }
        var taken = _bytes.Slice(Position, size);
        Position += size;
        return taken;
    }

    public string Text() => System.Text.Encoding.UTF8.GetString(Take(Count()));

    public readonly CorruptFileException Corrupt(string reason) => new(file, fileOffset + Position, reason);

    private ulong LongUVarint()
    {
        ulong value = 0;
        var at = Position;
        for (var shift = 0; shift < 64; shift += 7, at++)
        {
            if ((uint)at >= (uint)_bytes.Length)
            {
                Position = at;
                Take(1);
            }
            var part = _bytes[at];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                Position = at + 1;
                return value;
            }
        }
        Position = at;
        throw Corrupt("a number longer than 64 bits");
    }
}
