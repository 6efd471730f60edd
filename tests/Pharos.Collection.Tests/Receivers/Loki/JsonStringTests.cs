using System.Text;
using System.Text.Json;
using CsCheck;
using Pharos.Collection.Receivers.Loki.Decoding;

namespace Pharos.Collection.Tests.Receivers.Loki;

public sealed class JsonStringTests
{
    /// <summary>What a string may consist of, and what it must not.</summary>
    private static readonly Gen<byte[]> Pieces = Gen.Frequency(
        (12, Gen.String[Gen.Char['#', '['], 0, 90].Select(static text => Encoding.UTF8.GetBytes(text))),
        (12, OneOf("\\\"", "\\\\", "\\/", "\\n", "\\r", "\\t", "\\b", "\\f")),
        (2, OneOf("\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\ud83d", "\\uDE00x", "é", "😀")),
        (1, Gen.OneOf([Gen.Const<byte[]>([0xC3]), Gen.Const<byte[]>([0xFF, 0xFE]), Gen.Const<byte[]>([0xE2, (byte)'\\', (byte)'"', 0x82])])));

    private static readonly Gen<byte[]> Faults = OneOf("\\x", "\\u12", "\\u12g4", "\n", "\0", "\u001f");

    private static readonly byte[] Behind = Encoding.UTF8.GetBytes(",\"" + new string('x', 200));

    [Fact]
    public void Says_what_a_json_reader_says()
    {
        Gen.Select(Pieces.Array[0, 40], Gen.Frequency((5, Gen.Const(Array.Empty<byte>())), (1, Faults)), Gen.Int[0, 40]).Sample((pieces, fault, at) =>
        {
            byte[][] parts = [.. pieces.Take(at), fault, .. pieces.Skip(at)];
            byte[] text = [(byte)'"', .. parts.SelectMany(static part => part), (byte)'"', .. Behind];
            var read = new JsonString();

            // The second time in rooms that were used before.
            for (var round = 0; round < 2; round++)
            {
                var end = read.Read(text, 1, out var value);
                Assert.Equal(Oracle(text), end < 0 ? null : (end, Convert.ToHexString(value)));
            }
        }, iter: 2000);
    }

    [Fact]
    public void What_ends_close_to_the_end_of_the_text_is_left_to_others()
    {
        var text = Encoding.UTF8.GetBytes("\"a\\\"b\"" + new string(' ', 200));
        var read = new JsonString();
        for (var length = 0; length <= text.Length; length++)
        {
            var end = read.Read(text.AsSpan(0, length), Math.Min(1, length), out var value);
            Assert.True(end < 0 ? length < text.Length - 60 : end == 6 && value.SequenceEqual("a\"b"u8), $"{length}: {end}");
        }
    }

    private static Gen<byte[]> OneOf(params string[] texts) => Gen.OneOf([.. texts.Select(static text => Gen.Const(Encoding.UTF8.GetBytes(text)))]);

    private static (int End, string Value)? Oracle(byte[] text)
    {
        try
        {
            var json = new Utf8JsonReader(text, isFinalBlock: false, default);
            Assert.True(json.Read());
            var room = new Utf8Text();
            return ((int)json.BytesConsumed, Convert.ToHexString(json.ValueIsEscaped ? room.Unescaped(json.ValueSpan) : room.Valid(json.ValueSpan)));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
