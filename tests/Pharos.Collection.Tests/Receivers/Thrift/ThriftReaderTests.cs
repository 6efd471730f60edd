using System.Globalization;
using System.Text;
using Pharos.Collection.Receivers.Thrift;

namespace Pharos.Collection.Tests.Receivers.Thrift;

/// <summary>Both protocols read what is written, step over what they do not know, and believe no length.</summary>
public sealed class ThriftReaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_type_is_read(bool compact)
    {
        var bytes = new ThriftBytes(compact).Message("emitBatch").Struct(fields => fields
            .Field(1, long.MinValue).Field(2, -5).Field(3, (short)-300).Field(4, "größe").Field(5, 2.5).Field(6, true).Field(7, false)
            .Field(300, long.MaxValue).Field(-2, 7)
            .Field(8, static inner => inner.Field(1, true).Field(2, 1L))
            .Head(20, ThriftType.List).ListHead(ThriftType.Bool, 2).Raw(1, compact ? (byte)2 : (byte)0)
            .Head(21, ThriftType.List).ListHead(ThriftType.I32, 20).Raw([.. Enumerable.Repeat<byte>(0, compact ? 20 : 80)])).ToArray();
        const string Expected = "OneWay emitBatch {1:-9223372036854775808 2:-5 3:-300 4:größe 5:2.5 6:True 7:False 300:9223372036854775807 -2:7 "
            + "8:{1:True 2:1 } 20:[True False ] 21:[0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ] }";
        Assert.Equal(Expected, compact ? Dump(new ThriftCompactReader(bytes)) : Dump(new ThriftBinaryReader(bytes)));
        Assert.Equal(0, Skipped(compact, bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_prefix_is_refused(bool compact)
    {
        var bytes = new ThriftBytes(compact).Message("emitBatch").Struct(static fields => fields
            .Field(1, static process => process.Field(1, "service").List(2, static tag => tag.Field(1, "key").Field(5, true)))
            .Head(9, ThriftType.Map).Raw(0, 0, 0, 0, 0, 0)).ToArray();
        for (var length = 0; length < bytes.Length - 6; length++)
        {
            Assert.Throws<InvalidDataException>(() => Skipped(compact, bytes[..length]));
        }
    }

    [Theory]
    [InlineData("0b 0001 7fffffff", "unexpected EOF")]
    [InlineData("0b 0001 ffffffff", "negative size -1")]
    [InlineData("0f 0001 0a 10000000 00", "unexpected EOF")]
    [InlineData("0f 0001 0c 80000000", "negative size -2147483648")]
    [InlineData("0f 0001 00 00000001 00", "unknown data type 0")]
    [InlineData("0d 0001 0b 0b 20000000", "unexpected EOF")]
    [InlineData("07 0001", "unknown data type 7")]
    [InlineData("0a 0001 00", "unexpected EOF")]
    public void Binary_lengths_are_not_believed(string hex, string reason) =>
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => SkippedStruct(false, Hex(hex))).Message);

    [Theory]
    [InlineData("18 ffffffff0f", "unexpected EOF")]
    [InlineData("18 ffffffffffffffffff01", "unexpected EOF")]
    [InlineData("18 ffffffffffffffffffff01", "a variable-length integer has more than ten bytes")]
    [InlineData("19 f8 ffffffff07", "unexpected EOF")]
    [InlineData("1b ffffffff07 88", "unexpected EOF")]
    [InlineData("1e", "unknown data type 14")]
    [InlineData("16 80", "unexpected EOF")]
    public void Compact_lengths_are_not_believed(string hex, string reason) =>
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => SkippedStruct(true, Hex(hex))).Message);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Depth_is_bounded(bool compact)
    {
        // Structs in structs, and lists in lists: either way the stack stays small.
        byte[] structs = [.. Enumerable.Repeat<byte[]>(compact ? [0x1c] : [0x0c, 0x00, 0x01], 100_000).SelectMany(static head => head)];
        byte[] lists = [.. compact ? [0x19] : new byte[] { 0x0f, 0x00, 0x01 },
            .. Enumerable.Repeat<byte[]>(compact ? [0x19] : [0x0f, 0x00, 0x00, 0x00, 0x01], 100_000).SelectMany(static head => head)];
        Assert.StartsWith("depth limit exceeded", Assert.Throws<InvalidDataException>(() => SkippedStruct(compact, structs)).Message, StringComparison.Ordinal);
        Assert.StartsWith("depth limit exceeded", Assert.Throws<InvalidDataException>(() => SkippedStruct(compact, lists)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "00000009 656d69744261746368 01 00000001 00", "Bad version in ReadMessageBegin: this is no message of the strict binary protocol")]
    [InlineData(false, "80020004 00000000 00000000 00", "Bad version in ReadMessageBegin: this is no message of the strict binary protocol")]
    [InlineData(true, "80010004", "Bad protocol id in ReadMessageBegin: this is no message of the compact protocol")]
    [InlineData(true, "8282 01 00", "Bad version in ReadMessageBegin")]
    public void A_message_of_another_protocol_is_refused(bool compact, string hex, string reason) =>
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => Skipped(compact, Hex(hex))).Message);

    internal static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Steps over a message; what is left of the bytes.</summary>
    private static int Skipped(bool compact, byte[] bytes)
    {
        if (compact)
        {
            var reader = new ThriftCompactReader(bytes);
            reader.BeginMessage(out _);
            reader.Skip(ThriftType.Struct);
            return reader.Remaining;
        }
        var binary = new ThriftBinaryReader(bytes);
        binary.BeginMessage(out _);
        binary.Skip(ThriftType.Struct);
        return binary.Remaining;
    }

    private static void SkippedStruct(bool compact, byte[] bytes)
    {
        if (compact)
        {
            new ThriftCompactReader(bytes).Skip(ThriftType.Struct);
            return;
        }
        new ThriftBinaryReader(bytes).Skip(ThriftType.Struct);
    }

    private static string Dump<TReader>(TReader reader)
        where TReader : struct, IThriftReader, allows ref struct
    {
        var text = new StringBuilder();
        var type = reader.BeginMessage(out var method);
        text.Append(CultureInfo.InvariantCulture, $"{type} {Encoding.UTF8.GetString(method)} ");
        Dump(ref reader, ThriftType.Struct, text);
        return text.ToString();
    }

    private static void Dump<TReader>(ref TReader reader, ThriftType type, StringBuilder text)
        where TReader : struct, IThriftReader, allows ref struct
    {
        switch (type)
        {
            case ThriftType.Struct:
                text.Append('{');
                var outer = reader.BeginStruct();
                while (reader.NextField(out var id, out var field))
                {
                    text.Append(CultureInfo.InvariantCulture, $"{id}:");
                    Dump(ref reader, field, text);
                    text.Append(' ');
                }
                reader.EndStruct(outer);
                text.Append('}');
                break;
            case ThriftType.List:
                text.Append('[');
                for (var left = reader.BeginList(out var element); left > 0; left--)
                {
                    Dump(ref reader, element, text);
                    text.Append(' ');
                }
                text.Append(']');
                break;
            case ThriftType.Binary:
                text.Append(Encoding.UTF8.GetString(reader.Binary()));
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{Plain(ref reader, type)}");
                break;
        }
    }

    private static object Plain<TReader>(ref TReader reader, ThriftType type)
        where TReader : struct, IThriftReader, allows ref struct => type switch
        {
            ThriftType.Bool => reader.Bool(),
            ThriftType.I16 => reader.I16(),
            ThriftType.I32 => reader.I32(),
            ThriftType.I64 => reader.I64(),
            _ => reader.Double(),
        };
}
