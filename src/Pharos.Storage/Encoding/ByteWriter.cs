using System.Buffers.Binary;

namespace Pharos.Storage.Encoding;

/// <summary>A growing buffer of little-endian numbers, variable-length numbers and texts; reused from record to record.</summary>
/// <remarks>Not thread-safe. At most 2 GB. The counterpart is <see cref="ByteReader"/>.</remarks>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void U8(byte value)
    {
        if ((uint)Length < (uint)_bytes.Length)
        {
            _bytes[Length++] = value;
            return;
        }
        Room(1)[0] = value;
    }

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);

    public void U32BigEndian(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void U64BigEndian(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    /// <summary>Overwrites four bytes that were written before.</summary>
    public void PatchU32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at, 4), value);

    /// <summary>Seven bits a byte, lowest first, the high bit says that more follow.</summary>
    public void UVarint(ulong value)
    {
        while (value >= 0x80)
        {
            U8((byte)(value | 0x80));
            value >>= 7;
        }
        U8((byte)value);
    }

    /// <summary>Zigzag, so that small negative numbers are short too.</summary>
    public void Varint(long value) => UVarint((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>The length in UTF-8 bytes, then the bytes.</summary>
    public void Text(string text)
    {
        var size = System.Text.Encoding.UTF8.GetByteCount(text);
        UVarint((ulong)size);
        System.Text.Encoding.UTF8.GetBytes(text, Room(size));
    }

    /// <summary>Room behind what is written, to be written in place and then taken with <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int size)
    {
        var room = Room(size);
        Length -= size;
        return room;
    }

    public void Advance(int size) => Length += size;

    private Span<byte> Room(int size)
    {
        if (Length + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)Length + size, (long)_bytes.Length * 2)));
        }
        var room = _bytes.AsSpan(Length, size);
        Length += size;
        return room;
    }
}
