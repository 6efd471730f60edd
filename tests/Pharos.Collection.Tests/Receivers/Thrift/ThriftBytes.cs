using System.Buffers.Binary;
using System.Text;
using Pharos.Collection.Receivers.Thrift;

namespace Pharos.Collection.Tests.Receivers.Thrift;

/// <summary>Writes Thrift in either protocol, as the specifications have it and without regard to what the readers do.</summary>
internal sealed class ThriftBytes(bool compact)
{
    private readonly List<byte> _out = [];
    private readonly Stack<int> _lastFields = new([0]);

    public byte[] ToArray() => [.. _out];

    public ThriftBytes Message(string method, int type = 4, int sequence = 7)
    {
        if (compact)
        {
            _out.Add(0x82);
            _out.Add((byte)(1 | (type << 5)));
            Varint((ulong)sequence);
            return Text(method);
        }
        _out.AddRange([0x80, 0x01, 0x00, (byte)type]);
        Text(method);
        return I32(sequence);
    }

    public ThriftBytes Struct(Action<ThriftBytes> fields)
    {
        _lastFields.Push(0);
        fields(this);
        _out.Add(0);
        _lastFields.Pop();
        return this;
    }

    public ThriftBytes Field(int id, long value) => Head(id, ThriftType.I64).I64(value);

    public ThriftBytes Field(int id, int value) => Head(id, ThriftType.I32).I32(value);

    public ThriftBytes Field(int id, short value) => Head(id, ThriftType.I16).I16(value);

    public ThriftBytes Field(int id, string value) => Head(id, ThriftType.Binary).Text(value);

    public ThriftBytes Field(int id, byte[] value) => Head(id, ThriftType.Binary).Bytes(value);

    public ThriftBytes Field(int id, Action<ThriftBytes> fields) => Head(id, ThriftType.Struct).Struct(fields);

    public ThriftBytes Field(int id, double value)
    {
        Head(id, ThriftType.Double);
        var bytes = new byte[8];
        if (compact)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        }
        _out.AddRange(bytes);
        return this;
    }

    public ThriftBytes Field(int id, bool value)
    {
        if (compact)
        {
            CompactHead(id, value ? 1 : 2);
            return this;
        }
        Head(id, ThriftType.Bool);
        _out.Add(value ? (byte)1 : (byte)0);
        return this;
    }

    public ThriftBytes List(int id, params Action<ThriftBytes>[] structs)
    {
        Head(id, ThriftType.List);
        return ListOfStructs(structs);
    }

    public ThriftBytes ListOfStructs(params Action<ThriftBytes>[] structs)
    {
        ListHead(ThriftType.Struct, structs.Length);
        foreach (var fields in structs)
        {
            Struct(fields);
        }
        return this;
    }

    public ThriftBytes ListHead(ThriftType element, int count)
    {
        if (!compact)
        {
            _out.Add((byte)element);
            return I32(count);
        }
        if (count < 15)
        {
            _out.Add((byte)((count << 4) | CompactType(element)));
            return this;
        }
        _out.Add((byte)(0xf0 | CompactType(element)));
        Varint((ulong)count);
        return this;
    }

    public ThriftBytes Head(int id, ThriftType type)
    {
        if (compact)
        {
            CompactHead(id, CompactType(type));
            return this;
        }
        _out.Add((byte)type);
        return I16((short)id);
    }

    public ThriftBytes Raw(params byte[] bytes)
    {
        _out.AddRange(bytes);
        return this;
    }

    public ThriftBytes I64(long value)
    {
        if (compact)
        {
            Varint((ulong)((value << 1) ^ (value >> 63)));
            return this;
        }
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        _out.AddRange(bytes);
        return this;
    }

    public ThriftBytes I32(int value)
    {
        if (compact)
        {
            return I64(value);
        }
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _out.AddRange(bytes);
        return this;
    }

    public ThriftBytes I16(short value)
    {
        if (compact)
        {
            return I64(value);
        }
        _out.AddRange([(byte)(value >> 8), (byte)value]);
        return this;
    }

    public ThriftBytes Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public ThriftBytes Bytes(byte[] value)
    {
        if (compact)
        {
            Varint((ulong)value.Length);
        }
        else
        {
            I32(value.Length);
        }
        _out.AddRange(value);
        return this;
    }

    private static int CompactType(ThriftType type) => type switch
    {
        ThriftType.Bool => 1,
        ThriftType.Byte => 3,
        ThriftType.I16 => 4,
        ThriftType.I32 => 5,
        ThriftType.I64 => 6,
        ThriftType.Double => 7,
        ThriftType.Binary => 8,
        ThriftType.List => 9,
        ThriftType.Set => 10,
        ThriftType.Map => 11,
        ThriftType.Struct => 12,
        _ => 13,
    };

    private void CompactHead(int id, int type)
    {
        var distance = id - _lastFields.Pop();
        _lastFields.Push(id);
        if (distance is > 0 and < 16)
        {
            _out.Add((byte)((distance << 4) | type));
            return;
        }
        _out.Add((byte)type);
        I16((short)id);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _out.Add((byte)(value | 0x80));
        }
        _out.Add((byte)value);
    }
}
