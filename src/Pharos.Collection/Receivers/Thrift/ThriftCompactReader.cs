using System.Buffers.Binary;

namespace Pharos.Collection.Receivers.Thrift;

/// <summary>Thrift's compact protocol: integers are zigzag varints, a field's id is the distance to the one before it, and a boolean
/// field has its value in its type.</summary>
/// <remarks>github.com/apache/thrift, doc/specs/thrift-compact-protocol.md. A message begins with <c>82</c> and a byte of version (five
/// bits, 1) and type.</remarks>
internal ref struct ThriftCompactReader(ReadOnlySpan<byte> bytes) : IThriftReader
{
    private const byte ProtocolId = 0x82;
    private const int Version = 1;
    private const int VersionBits = 5;
    private const int LongForm = 15;
    private const int UuidBytes = 16;

    // A boolean that is true, in the type of its field and in lists.
    private const int True = 1;

    private ReadOnlySpan<byte> _rest = bytes;
    private short _lastField;

    /// <summary>The value of a boolean field whose head was read; 0 where none waits.</summary>
    private int _boolean;

    public readonly int Remaining => _rest.Length;

    /// <summary>Types by their number in this protocol.</summary>
    private static ReadOnlySpan<ThriftType> Types =>
    [
        ThriftType.Stop, ThriftType.Bool, ThriftType.Bool, ThriftType.Byte, ThriftType.I16, ThriftType.I32, ThriftType.I64, ThriftType.Double,
        ThriftType.Binary, ThriftType.List, ThriftType.Set, ThriftType.Map, ThriftType.Struct, ThriftType.Uuid,
    ];

    public ThriftMessageType BeginMessage(out ReadOnlySpan<byte> method)
    {
        if (Take(1)[0] != ProtocolId)
        {
            throw new InvalidDataException("Bad protocol id in ReadMessageBegin: this is no message of the compact protocol");
        }
        var head = Take(1)[0];
        if ((head & ((1 << VersionBits) - 1)) != Version)
        {
            throw new InvalidDataException("Bad version in ReadMessageBegin");
        }
        Varint();
        method = Binary();
        return (ThriftMessageType)(head >> VersionBits);
    }

    public short BeginStruct()
    {
        var outer = _lastField;
        _lastField = 0;
        return outer;
    }

    public void EndStruct(short outer) => _lastField = outer;

    public bool NextField(out short id, out ThriftType type)
    {
        var head = Take(1)[0];
        type = Type(head & 0x0f);
        id = 0;
        if (type == ThriftType.Stop)
        {
            return false;
        }
        id = head >> 4 == 0 ? (short)ZigZag(Varint()) : (short)(_lastField + (head >> 4));
        _lastField = id;
        _boolean = type == ThriftType.Bool ? head & 0x0f : 0;
        return true;
    }

    public int BeginList(out ThriftType element)
    {
        var head = Take(1)[0];
        element = Type(head & 0x0f);
        return Count(head >> 4 == LongForm ? Varint() : (ulong)(head >> 4), ShortestOf(element));
    }

    public int BeginMap(out ThriftType key, out ThriftType value)
    {
        (key, value) = (ThriftType.Stop, ThriftType.Stop);
        var count = Varint();
        if (count == 0)
        {
            return 0;
        }
        var types = Take(1)[0];
        key = Type(types >> 4);
        value = Type(types & 0x0f);
        return Count(count, ShortestOf(key) + ShortestOf(value));
    }

    public bool Bool()
    {
        var value = _boolean == 0 ? Take(1)[0] : _boolean;
        _boolean = 0;
        return value == True;
    }

    public byte Byte() => Take(1)[0];

    public short I16() => (short)ZigZag(Varint());

    public int I32() => (int)ZigZag(Varint());

    public long I64() => ZigZag(Varint());

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public ReadOnlySpan<byte> Binary() => Take(Count(Varint(), 1));

    public void Skip(ThriftType type, int depth = 0)
    {
        switch (type)
        {
            case ThriftType.Bool:
                Bool();
                break;
            case ThriftType.Byte or ThriftType.Double or ThriftType.Uuid:
                Take(ShortestOf(type));
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                Varint();
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
        ThriftType.Double => sizeof(double),
        ThriftType.Uuid => UuidBytes,
        _ => 1,
    };

    private static long ZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static ThriftType Type(int number) =>
        number < Types.Length ? Types[number] : throw new InvalidDataException($"unknown data type {number}");

    private readonly int Count(ulong count, int shortest) =>
        count > (ulong)(_rest.Length / shortest) ? throw new InvalidDataException(ThriftEnd.CutShort) : (int)count;

    private ReadOnlySpan<byte> Take(int count) => ThriftEnd.Take(ref _rest, count);

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
        throw new InvalidDataException("a variable-length integer has more than ten bytes");
    }
}
