using System.Buffers.Binary;
using System.Text;

namespace Pharos.Collection.RemoteStorage.Wire;

/// <summary>Writes protobuf messages field by field into one growing buffer. Fields with their default value are left out,
/// as proto3 has it, unless a method says otherwise.</summary>
/// <remarks>Not thread-safe; reused from message to message with <see cref="Clear"/>.</remarks>
public sealed class ProtobufWriter
{
    private const int VarintWire = 0;
    private const int Fixed64Wire = 1;
    private const int BytesWire = 2;
    private const int Fixed32Wire = 5;

    /// <summary>The longest varint: ten groups of seven bits.</summary>
    private const int MaxVarintBytes = 10;

    private byte[] _buffer = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Opens a message inside this one; what is written until <see cref="End"/> belongs to it.</summary>
    public int Begin(int field)
    {
        Tag(field, BytesWire);
        Room(1);
        return Length++;
    }

    /// <param name="mark">What <see cref="Begin"/> answered.</param>
    public void End(int mark)
    {
        var length = Length - mark - 1;
        var extra = VarintLength((ulong)length) - 1;
        if (extra > 0)
        {
            // One byte was kept free for the length; a longer message moves to make room.
            Room(extra);
            _buffer.AsSpan(mark + 1, length).CopyTo(_buffer.AsSpan(mark + 1 + extra));
            Length += extra;
        }
        var at = mark;
        PutVarint(_buffer, ref at, (ulong)length);
    }

    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            TextEvenEmpty(field, value);
        }
    }

    /// <summary>An item of a list keeps its place even where it is empty.</summary>
    public void TextEvenEmpty(int field, string value)
    {
        Tag(field, BytesWire);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Room(Encoding.UTF8.GetMaxByteCount(value.Length));
        Length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(Length));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, BytesWire);
        Varint((ulong)value.Length);
        Room(value.Length);
        value.CopyTo(_buffer.AsSpan(Length));
        Length += value.Length;
    }

    public void Int64(int field, long value)
    {
        if (value != 0)
        {
            UInt64EvenZero(field, (ulong)value);
        }
    }

    /// <summary>A member of a oneof says by being there which one it is.</summary>
    public void UInt64EvenZero(int field, ulong value)
    {
        Tag(field, VarintWire);
        Varint(value);
    }

    /// <summary>A signed number in zigzag form (sint32, sint64).</summary>
    public void ZigZag(int field, long value)
    {
        if (value != 0)
        {
            UInt64EvenZero(field, ZigZag(value));
        }
    }

    public void Double(int field, double value)
    {
        if (BitConverter.DoubleToUInt64Bits(value) != 0)
        {
            DoubleEvenZero(field, value);
        }
    }

    public void DoubleEvenZero(int field, double value)
    {
        Tag(field, Fixed64Wire);
        RawDouble(value);
    }

    public void Fixed64(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, Fixed64Wire);
            Room(sizeof(ulong));
            BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Length), value);
            Length += sizeof(ulong);
        }
    }

    public void Fixed32(int field, uint value)
    {
        if (value != 0)
        {
            Tag(field, Fixed32Wire);
            Room(sizeof(uint));
            BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(Length), value);
            Length += sizeof(uint);
        }
    }

    /// <summary>Inside a packed field.</summary>
    public void RawDouble(double value)
    {
        Room(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(double);
    }

    /// <summary>Inside a packed field.</summary>
    public void RawZigZag(long value) => Varint(ZigZag(value));

    /// <summary>Inside a packed field, or the length before a delimited message.</summary>
    public void Varint(ulong value)
    {
        Room(MaxVarintBytes);
        var at = Length;
        PutVarint(_buffer, ref at, value);
        Length = at;
    }

    /// <summary>Outside any message: bytes of a frame.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int VarintLength(ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }
        return length;
    }

    private static void PutVarint(byte[] buffer, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            buffer[at++] = (byte)(value | 0x80);
        }
        buffer[at++] = (byte)value;
    }

    private void Tag(int field, int wireType) => Varint(((ulong)field << 3) | (uint)wireType);

    private void Room(int count)
    {
        if (Length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(Length + count, _buffer.Length * 2));
        }
    }
}
