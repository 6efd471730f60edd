using System.Buffers;
using System.Text;

namespace Pharos.Collection.Tests.Protobuf;

/// <summary>Writes a protobuf message field by field, as a sender does.</summary>
internal sealed class ProtoMessage
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    /// <summary>The message behind its length, as it stands in a stream of messages.</summary>
    public byte[] Delimited()
    {
        var framed = new ProtoMessage();
        framed.Raw((ulong)_bytes.WrittenCount);
        return [.. framed.ToArray(), .. ToArray()];
    }

    public ProtoMessage Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
        return this;
    }

    public ProtoMessage Varint(int field, long value) => Varint(field, (ulong)value);

    /// <summary>A number in the zigzag form.</summary>
    public ProtoMessage Signed(int field, long value) => Varint(field, ZigZag(value));

    public ProtoMessage Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Fixed64(int field, ulong value)
    {
        Raw(((ulong)field << 3) | 1);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Fixed32(int field, uint value)
    {
        Raw(((ulong)field << 3) | 5);
        _bytes.Write(BitConverter.GetBytes(value));
        return this;
    }

    public ProtoMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>The fields of another message behind those of this one.</summary>
    public ProtoMessage Append(ProtoMessage other)
    {
        _bytes.Write(other._bytes.WrittenSpan);
        return this;
    }

    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoMessage Message(int field, ProtoMessage value) => Bytes(field, value.ToArray());

    public ProtoMessage PackedSigned(int field, params long[] values) => Packed(field, values.Select(ZigZag));

    public ProtoMessage PackedNumbers(int field, params uint[] values) => Packed(field, values.Select(value => (ulong)value));

    public ProtoMessage PackedDoubles(int field, params double[] values) =>
        Bytes(field, values.SelectMany(BitConverter.GetBytes).ToArray());

    /// <summary>A pair of strings: how every format writes a label.</summary>
    public ProtoMessage Label(int field, string name, string value) =>
        Message(field, new ProtoMessage().Text(1, name).Text(2, value));

    /// <summary>A run of buckets: how every format writes a span.</summary>
    public ProtoMessage Span(int field, int offset, uint length) =>
        Message(field, new ProtoMessage().Signed(1, offset).Varint(2, length));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private ProtoMessage Packed(int field, IEnumerable<ulong> values)
    {
        var packed = new ProtoMessage();
        foreach (var value in values)
        {
            packed.Raw(value);
        }
        return Bytes(field, packed.ToArray());
    }

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }
        _bytes.Write([(byte)value]);
    }
}
