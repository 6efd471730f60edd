using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Writes the fields of a protobuf message.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }
        _bytes.Write([(byte)value]);
    }

    public void Whole(int field, ulong value)
    {
        Tag(field, 0);
        Varint(value);
    }

    /// <summary>A signed number, small ones short whatever their sign.</summary>
    public void Zigzag(int field, int value) => Whole(field, (uint)((value << 1) ^ (value >> 31)));

    public void Double(int field, double value)
    {
        Tag(field, 1);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, Action<WireWriter> write)
    {
        var inner = new WireWriter();
        write(inner);
        Bytes(field, inner.Written);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    private void Tag(int field, uint wireType) => Varint(((ulong)field << 3) | wireType);
}
