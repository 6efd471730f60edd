using System.Buffers.Binary;
using System.Text;

namespace Pharos.Instrumentation.Tests;

/// <summary>Reads any protobuf message without its schema, for assertions.</summary>
internal sealed class ProtoFields
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtoFields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, Varint(message, ref at), []));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), []));
                    at += 8;
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), []));
                    at += 4;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    _fields.Add((field, 0, message[at..(at + length)]));
                    at += length;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    public bool Has(int field) => _fields.Exists(entry => entry.Field == field);

    public ulong Number(int field) => _fields.Single(entry => entry.Field == field).Number;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    public byte[] Bytes(int field) => _fields.Single(entry => entry.Field == field).Bytes;

    public ProtoFields Message(int field) => new(Bytes(field));

    public ProtoFields[] Messages(int field) => [.. _fields.Where(entry => entry.Field == field).Select(entry => new ProtoFields(entry.Bytes))];

    /// <summary>OTLP's attributes in a field, by key: <c>s:text</c>, <c>b:1</c>, <c>i:5</c>, <c>d:0.5</c>.</summary>
    public Dictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(
        attribute => attribute.Text(1), attribute => Value(attribute.Message(2)), StringComparer.Ordinal);

    private static string Value(ProtoFields any) =>
        any.Has(1) ? $"s:{any.Text(1)}" : any.Has(2) ? $"b:{any.Number(2)}" : any.Has(3) ? $"i:{(long)any.Number(3)}"
        : any.Has(4) ? $"d:{any.Double(4)}" : any.Has(5) ? "[" + string.Join(',', any.Message(5).Messages(1).Select(Value)) + "]" : "-";

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
