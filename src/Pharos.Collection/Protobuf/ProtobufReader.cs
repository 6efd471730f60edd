using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Pharos.Collection.Protobuf;

/// <summary>Reads one protobuf message field by field; unknown fields are stepped over.</summary>
/// <exception cref="InvalidDataException">Thrown by every read where the bytes end early or are no protobuf.</exception>
public ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Go's words for bytes that end early.</summary>
    private const string CutShort = "unexpected EOF";

    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = bytes;
    private int _wireType;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Bytes that are not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Steps to the next field; false at the end.</summary>
    public bool Next(out int field)
    {
        if (_rest.IsEmpty)
        {
            field = 0;
            return false;
        }
        var key = Varint();
        _wireType = (int)(key & 7);
        field = (int)(key >> 3);
        return field > 0 ? true : throw new InvalidDataException($"proto: illegal tag {field} (wire type {key})");
    }

    /// <summary>A message of a stream in which each stands behind its length.</summary>
    public ReadOnlySpan<byte> Delimited()
    {
        var length = Varint();
        return length <= int.MaxValue
            ? Take((int)length)
            : throw new InvalidDataException(CutShort);
    }

    /// <summary>As <see cref="Delimited()"/>, for a stream that may be no protobuf at all.</summary>
    /// <param name="expected">Where there is no whole message: its length and that of its length; 0 where that cannot be read.</param>
    public bool TryDelimited(out ReadOnlySpan<byte> message, out long expected)
    {
        // A length has five bytes at most.
        const int MaxLengthBytes = 5;
        message = default;
        expected = 0;
        var end = _rest[..Math.Min(_rest.Length, MaxLengthBytes)].IndexOfAnyInRange((byte)0, (byte)0x7f) + 1;
        if (end == 0)
        {
            return false;
        }
        var length = 0L;
        for (var i = end - 1; i >= 0; i--)
        {
            length = (length << 7) | (uint)(_rest[i] & 0x7f);
        }
        expected = end + length;
        if (expected > _rest.Length)
        {
            return false;
        }
        message = _rest.Slice(end, (int)length);
        _rest = _rest[(int)expected..];
        return true;
    }

    public readonly int BytesLeft => _rest.Length;

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(BytesType);
        return Delimited();
    }

    /// <summary>A string; bytes that are no UTF-8 make the message malformed.</summary>
    public string Text()
    {
        var text = Bytes();
        return Utf8.IsValid(text)
            ? Encoding.UTF8.GetString(text)
            : throw new InvalidDataException("a string of the protobuf message is not valid UTF-8");
    }

    public long Int64() => (long)UInt64();

    public ulong UInt64()
    {
        Expect(VarintType);
        return Varint();
    }

    /// <summary>The zigzag form of a 32-bit number.</summary>
    public int SInt32() => (int)ZigZag(UInt64());

    public double Double()
    {
        Expect(Fixed64Type);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
    }

    /// <summary>Adds the numbers of a repeated field, packed or one by one.</summary>
    public void Doubles(List<double> into)
    {
        if (_wireType != BytesType)
        {
            into.Add(Double());
            return;
        }
        var packed = new ProtobufReader(Bytes());
        while (!packed.IsAtEnd)
        {
            into.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed.Take(sizeof(double))));
        }
    }

    /// <summary>As <see cref="Doubles"/>, for the zigzag form.</summary>
    public void SInt64s(List<long> into)
    {
        if (_wireType != BytesType)
        {
            into.Add(ZigZag(UInt64()));
            return;
        }
        var packed = new ProtobufReader(Bytes());
        while (!packed.IsAtEnd)
        {
            into.Add(ZigZag(packed.Varint()));
        }
    }

    /// <summary>As <see cref="Doubles"/>, for unsigned 64-bit numbers.</summary>
    public void UInt64s(List<ulong> into)
    {
        if (_wireType != BytesType)
        {
            into.Add(UInt64());
            return;
        }
        var packed = new ProtobufReader(Bytes());
        while (!packed.IsAtEnd)
        {
            into.Add(packed.Varint());
        }
    }

    public uint Fixed32()
    {
        Expect(Fixed32Type);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
    }

    public ulong Fixed64()
    {
        Expect(Fixed64Type);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    }

    /// <summary>As <see cref="Doubles"/>, for unsigned numbers of eight bytes.</summary>
    public void Fixed64s(List<ulong> into)
    {
        if (_wireType != BytesType)
        {
            into.Add(Fixed64());
            return;
        }
        var packed = new ProtobufReader(Bytes());
        while (!packed.IsAtEnd)
        {
            into.Add(BinaryPrimitives.ReadUInt64LittleEndian(packed.Take(sizeof(ulong))));
        }
    }

    /// <summary>As <see cref="Doubles"/>, for unsigned 32-bit numbers.</summary>
    public void UInt32s(List<uint> into)
    {
        if (_wireType != BytesType)
        {
            into.Add((uint)UInt64());
            return;
        }
        var packed = new ProtobufReader(Bytes());
        while (!packed.IsAtEnd)
        {
            into.Add((uint)packed.Varint());
        }
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case VarintType:
                Varint();
                break;
            case Fixed64Type:
                Take(8);
                break;
            case BytesType:
                Bytes();
                break;
            case Fixed32Type:
                Take(4);
                break;
            default:
                throw new InvalidDataException($"proto: illegal wireType {_wireType}");
        }
    }

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private readonly void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw new InvalidDataException($"proto: wrong wireType = {_wireType} where {wireType} belongs");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new InvalidDataException(CutShort);
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            // Most numbers have one byte or two: keys of fields, and lengths.
            var only = _rest[0];
            _rest = _rest[1..];
            return only;
        }
        if (_rest.Length > 1 && _rest[1] < 0x80)
        {
            var two = (_rest[0] & 0x7fU) | ((uint)_rest[1] << 7);
            _rest = _rest[2..];
            return two;
        }
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("proto: integer overflow");
    }
}
