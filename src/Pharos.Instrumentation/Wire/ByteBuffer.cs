using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Pharos.Instrumentation.Wire;

/// <summary>Grows as it is written and is used again: text and protobuf without an allocation once it is large enough.</summary>
/// <remarks>Not thread-safe. A nested message's length is written behind it, into <see cref="LengthBytes"/> bytes that were
/// left free; protobuf allows a varint to be longer than it needs to be.</remarks>
internal sealed class ByteBuffer(int initialBytes = 4096)
{
    /// <summary>Room of a length that is filled in later: 28 bits, 256 MiB.</summary>
    private const int LengthBytes = 4;

    /// <summary>A buffer that one large exposition made grow beyond this is given back.</summary>
    private const int MaxKeptBytes = 8 << 20;

    private byte[] _bytes = new byte[initialBytes];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MaxKeptBytes)
        {
            _bytes = new byte[initialBytes];
        }
    }

    public void Byte(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    public void Text(string value)
    {
        Length += Encoding.UTF8.GetBytes(value, Reserve(Encoding.UTF8.GetMaxByteCount(value.Length)));
    }

    public void Number(long value)
    {
        value.TryFormat(Reserve(20), out var length, default, CultureInfo.InvariantCulture);
        Length += length;
    }

    /// <summary>The shortest text that reads as the same number; infinities and NaN as Prometheus writes them.</summary>
    public void Number(double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            Number((long)value);
        }
        else if (double.IsFinite(value))
        {
            value.TryFormat(Reserve(32), out var length, "R", CultureInfo.InvariantCulture);
            Length += length;
        }
        else
        {
            Bytes(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
    }

    /// <summary>Seconds since the epoch with three decimals.</summary>
    public void Seconds(long unixMs)
    {
        Number(unixMs / 1000);
        var fraction = (int)(unixMs % 1000);
        var room = Reserve(4);
        room[0] = (byte)'.';
        room[1] = (byte)('0' + (fraction / 100));
        room[2] = (byte)('0' + (fraction / 10 % 10));
        room[3] = (byte)('0' + (fraction % 10));
        Length += 4;
    }

    public void Varint(ulong value)
    {
        var room = Reserve(10);
        var length = 0;
        while (value >= 0x80)
        {
            room[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        room[length++] = (byte)value;
        Length += length;
    }

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public void VarintField(int field, ulong value)
    {
        Varint((ulong)field << 3);
        Varint(value);
    }

    public void DoubleField(int field, double value)
    {
        Varint(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);
        Length += 8;
    }

    public void Fixed64Field(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    public void Fixed32Field(int field, uint value)
    {
        Varint(((ulong)field << 3) | 5);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void TextField(int field, string value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Text(value);
    }

    public void BytesField(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        Bytes(value);
    }

    /// <summary>Bytes that are written as lower-case hexadecimal, such as the identity of a trace.</summary>
    public void HexField(int field, string hex)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)(hex.Length / 2));
        var status = Convert.FromHexString(hex, Reserve(hex.Length / 2), out _, out var written);
        Length += status == OperationStatus.Done ? written : 0;
    }

    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin(int field)
    {
        Varint(((ulong)field << 3) | 2);
        return Begin();
    }

    /// <summary>A length without a field before it, as between the messages of a delimited stream.</summary>
    public int Begin()
    {
        Reserve(LengthBytes);
        Length += LengthBytes;
        return Length;
    }

    public void End(int began)
    {
        var length = Length - began;
        if (length >= 1 << (7 * LengthBytes))
        {
            throw new InvalidOperationException($"a message of {length} bytes is too long to be written");
        }
        var room = _bytes.AsSpan(began - LengthBytes, LengthBytes);
        for (var i = 0; i < LengthBytes - 1; i++)
        {
            room[i] = (byte)(length | 0x80);
            length >>= 7;
        }
        room[LengthBytes - 1] = (byte)length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
        return _bytes.AsSpan(Length);
    }
}
