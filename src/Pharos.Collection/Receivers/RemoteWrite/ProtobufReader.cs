using System.Buffers.Binary;
using System.Text;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>Reads one protobuf message field by field; unknown fields are stepped over.</summary>
/// <exception cref="InvalidDataException">Thrown by every read where the bytes end early or are no protobuf.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private int _wireType;

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
        return true;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        var length = Varint();
        if (length > (ulong)_rest.Length)
        {
            throw new InvalidDataException("unexpected end of the protobuf message");
        }
        var content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return content;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public long Int64()
    {
        Expect(0);
        return (long)Varint();
    }

    public double Double()
    {
        Expect(1);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw new InvalidDataException($"illegal protobuf wire type {_wireType}");
        }
    }

    private void Expect(int wireType)
    {
        if (_wireType != wireType)
        {
            throw new InvalidDataException($"protobuf field of wire type {_wireType} where {wireType} belongs");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new InvalidDataException("unexpected end of the protobuf message");
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private ulong Varint()
    {
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
        throw new InvalidDataException("protobuf number longer than ten bytes");
    }
}
