using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Lists of attributes with the texts of a table.</summary>
internal static class AttributeCodec
{
    public static void Write(ByteWriter into, IReadOnlyList<SpanAttribute> attributes, TextTable texts)
    {
        into.UVarint((ulong)attributes.Count);
        for (var i = 0; i < attributes.Count; i++)
        {
            var (key, value) = attributes[i];
            into.UVarint((ulong)texts.NumberOf(key));
            into.U8((byte)value.Kind);
            switch (value.Kind)
            {
                case AttributeKind.Bool:
                    into.U8(value.Bool ? (byte)1 : (byte)0);
                    break;
                case AttributeKind.Int:
                    into.Varint(value.Int);
                    break;
                case AttributeKind.Double:
                    into.U64((ulong)value.Int);
                    break;
                case AttributeKind.Bytes:
                    into.UVarint((ulong)value.Bytes.Length);
                    into.Bytes(value.Bytes.Span);
                    break;
                case AttributeKind.Empty:
                    break;
                default:
                    into.UVarint((ulong)texts.NumberOf(value.Text));
                    break;
            }
        }
    }

    public static SpanAttribute[] Read(ref ByteReader reader, string[] texts)
    {
        var count = reader.Count(minBytesEach: 2);
        var attributes = count == 0 ? [] : new SpanAttribute[count];
        for (var i = 0; i < attributes.Length; i++)
        {
            attributes[i] = new SpanAttribute(Text(ref reader, texts), Value(ref reader, texts));
        }
        return attributes;
    }

    public static string Text(ref ByteReader reader, string[] texts) => texts[Below(ref reader, texts.Length)];

    public static int Below(ref ByteReader reader, int limit)
    {
        var number = reader.UVarint();
        return number < (ulong)limit ? (int)number : throw reader.Corrupt($"number {number} of {limit}");
    }

    private static AttributeValue Value(ref ByteReader reader, string[] texts)
    {
        var kind = (AttributeKind)reader.U8();
        return kind switch
        {
            AttributeKind.Bool => AttributeValue.OfBool(reader.U8() != 0),
            AttributeKind.Int => AttributeValue.OfInt(reader.Varint()),
            AttributeKind.Double => AttributeValue.OfDouble(BitConverter.UInt64BitsToDouble(reader.U64())),
            AttributeKind.Bytes => AttributeValue.OfBytes(reader.Take(reader.Count()).ToArray()),
            AttributeKind.Empty => AttributeValue.Empty,
            AttributeKind.Text => AttributeValue.OfText(Text(ref reader, texts)),
            AttributeKind.Array or AttributeKind.Map => AttributeValue.OfJson(kind, Text(ref reader, texts)),
            _ => throw reader.Corrupt($"a value of kind {kind}"),
        };
    }
}
