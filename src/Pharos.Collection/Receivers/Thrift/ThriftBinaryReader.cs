using System.Buffers.Binary;

namespace Pharos.Collection.Receivers.Thrift;

/// <summary>Thrift's binary protocol, strict: everything has its full width, big-endian.</summary>
/// <remarks>github.com/apache/thrift, doc/specs/thrift-binary-protocol.md. A field is its type, its id in two bytes, and its value; a
/// message begins with <c>80 01 00 type</c>.</remarks>
internal ref struct ThriftBinaryReader(ReadOnlySpan<byte> bytes) : IThriftReader
{
    private const uint Version1 = 0x8001_0000;
    private const uint VersionMask = 0xffff_0000;
    private const int UuidBytes = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public ThriftMessageType BeginMessage(out ReadOnlySpan<byte> method)
    {
        var head = (uint)I32();
        if ((head & VersionMask) != Version1)
        {
            throw new InvalidDataException("Bad version in ReadMessageBegin: this is no message of the strict binary protocol");
        }
        method = Binary();
        I32();
        return (ThriftMessageType)(byte)head;
    }

    public readonly short BeginStruct() => 0;

    public readonly void EndStruct(short outer)
    {
    }

    public bool NextField(out short id, out ThriftType type)
    {
        type = Type();
        id = type == ThriftType.Stop ? (short)0 : I16();
        return type != ThriftType.Stop;
    }

    public int BeginList(out ThriftType element)
    {
        element = Type();
        return Count(ShortestOf(element));
    }

    public int BeginMap(out ThriftType key, out ThriftType value)
    {
        key = Type();
        value = Type();
        return Count(ShortestOf(key) + ShortestOf(value));
    }

    public bool Bool() => Byte() != 0;

    public byte Byte() => Take(1)[0];

    public short I16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public int I32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long I64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    public ReadOnlySpan<byte> Binary() => Take(Count(1));

    public void Skip(ThriftType type, int depth = 0)
    {
        switch (type)
        {
            case ThriftType.Bool or ThriftType.Byte or ThriftType.Double or ThriftType.I16 or ThriftType.I32 or ThriftType.I64 or ThriftType.Uuid:
                Take(ShortestOf(type));
                break;
            case ThriftType.Binary:
                Binary();
                break;
            default:
                ThriftSkipping.Nested(ref this, type, depth);
                break;
        }
    }

    private static int ShortestOf(ThriftType type) => type switch
    {
        ThriftType.I16 => sizeof(short),
        ThriftType.I32 or ThriftType.Binary => sizeof(int),
        ThriftType.I64 or ThriftType.Double => sizeof(long),
        ThriftType.Uuid => UuidBytes,
        ThriftType.List or ThriftType.Set => 1 + sizeof(int),
        ThriftType.Map => 2 + sizeof(int),
        _ => 1,
    };

    private ThriftType Type()
    {
        var type = (ThriftType)Byte();
        return type is ThriftType.Stop or ThriftType.Bool or ThriftType.Byte or ThriftType.Double or ThriftType.I16 or ThriftType.I32
            or (>= ThriftType.I64 and <= ThriftType.Uuid)
            ? type
            : throw new InvalidDataException($"unknown data type {(int)type}");
    }

    private int Count(int shortest)
    {
        var count = I32();
        return count < 0 ? throw new InvalidDataException($"negative size {count}")
            : (long)count * shortest > _rest.Length ? throw new InvalidDataException(ThriftEnd.CutShort)
            : count;
    }

    private ReadOnlySpan<byte> Take(int count) => ThriftEnd.Take(ref _rest, count);
}
