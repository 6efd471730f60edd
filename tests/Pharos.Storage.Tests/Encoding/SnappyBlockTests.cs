using Pharos.Storage.Encoding;
using Snappier;

namespace Pharos.Storage.Tests.Encoding;

/// <summary>With another implementation of the format, and a plain one, as oracles.</summary>
public sealed class SnappyBlockTests
{
    private const int MaxBytes = 1 << 18;

    [Fact]
    public void Blocks_of_any_content_and_length_unpack_to_what_they_were_packed_from()
    {
        var random = new Random(1);
        for (var round = 0; round < 3000; round++)
        {
            var text = Some(random, random.Next(round < 300 ? round + 1 : 70_000 * (round % 50 == 0 ? 3 : 1) / (1 + (round % 40))));

            Assert.Equal(text, SnappyBlock.Unpack(Snappy.CompressToArray(text), MaxBytes));
        }
    }

    [Fact]
    public void Copies_of_every_distance_and_length_unpack()
    {
        for (var distance = 1; distance < 140; distance++)
        {
            for (var length = 1; length <= 64; length++)
            {
                var start = Enumerable.Range(0, distance).Select(static i => (byte)(i * 7)).ToArray();
                var expected = new List<byte>(start);
                for (var i = 0; i < length; i++)
                {
                    expected.Add(expected[^distance]);
                }
                var end = new byte[150];
                byte[] elements =
                [
                    .. Literal(start), (byte)(((length - 1) << 2) | 2), (byte)distance, 0, .. Literal(end),
                    (byte)(((length - 1) << 2) | 3), (byte)distance, 0, 0, 0,
                ];
                expected.AddRange(end);
                for (var i = 0; i < length; i++)
                {
                    expected.Add(expected[^distance]);
                }

                Assert.Equal(expected, SnappyBlock.Unpack([.. Varint(expected.Count), .. elements], MaxBytes));
            }
        }
    }

    [Fact]
    public void Damaged_blocks_are_refused_or_unpack_as_byte_by_byte_and_nothing_is_written_beyond_the_target()
    {
        var random = new Random(2);
        for (var round = 0; round < 20_000; round++)
        {
            var block = Snappy.CompressToArray(Some(random, 1 + random.Next(900)));
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                block[random.Next(block.Length)] = (byte)random.Next(256);
            }
            block = block[..(random.Next(4) == 0 ? random.Next(block.Length) : block.Length)];
            var length = SnappyDecoder.ReadLength(block, out var at);
            if (length is < 0 or > MaxBytes)
            {
                Assert.Throws<InvalidDataException>(() => SnappyBlock.Unpack(block, MaxBytes));
                continue;
            }
            var room = new byte[length + 200];
            room.AsSpan().Fill(0xa5);

            var isGood = SnappyDecoder.TryDecode(block.AsSpan(at), room.AsSpan(100, length));

            Assert.False(room.AsSpan(0, 100).ContainsAnyExcept((byte)0xa5));
            Assert.False(room.AsSpan(100 + length).ContainsAnyExcept((byte)0xa5));
            Assert.Equal(Plain(block.AsSpan(at), length), isGood ? room[100..(100 + length)] : null);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("ffffffffff01")]
    [InlineData("ffffffff0f00")]
    [InlineData("0100")]
    [InlineData("01000000")]
    [InlineData("04fcffffffff")]
    [InlineData("050061010000")]
    public void What_is_no_block_is_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => SnappyBlock.UnpackPooled(Convert.FromHexString(hex), MaxBytes));

    /// <summary>Byte by byte as the format's description has it; null for what is no block.</summary>
    private static byte[]? Plain(ReadOnlySpan<byte> elements, int length)
    {
        var unpacked = new List<byte>();
        while (!elements.IsEmpty)
        {
            int tag = elements[0];
            long count = (tag >> 2) + 1;
            var extra = (tag & 3) switch { 0 => (int)Math.Max(0, count - 60), 3 => 4, var kind => kind };
            if (elements.Length < 1 + extra)
            {
                return null;
            }
            var number = 0L;
            for (var i = 0; i < extra; i++)
            {
                number |= (long)elements[1 + i] << (8 * i);
            }
            elements = elements[(1 + extra)..];
            if ((tag & 3) == 0)
            {
                count = extra > 0 ? number + 1 : count;
                if (count > elements.Length)
                {
                    return null;
                }
                unpacked.AddRange(elements[..(int)count]);
                elements = elements[(int)count..];
                continue;
            }
            if ((tag & 3) == 1)
            {
                count = 4 + ((tag >> 2) & 7);
                number += (tag >> 5) << 8;
            }
            if (number == 0 || number > unpacked.Count)
            {
                return null;
            }
            for (; count > 0; count--)
            {
                unpacked.Add(unpacked[^(int)number]);
            }
        }
        return unpacked.Count == length ? [.. unpacked] : null;
    }

    /// <summary>Words that come again, zeros and noise.</summary>
    private static byte[] Some(Random random, int length)
    {
        var text = new byte[length];
        random.NextBytes(text);
        for (var at = 0; at < length;)
        {
            var room = text.AsSpan(at, Math.Min(length - at, 1 + random.Next(90)));
            switch (random.Next(6))
            {
                case 0:
                    room.Clear();
                    break;
                case 1 or 2:
                    room = room[..System.Text.Encoding.UTF8.GetBytes($"instance=\"10.0.{random.Next(9)}.7:9100\"".AsSpan(0, Math.Min(20, room.Length)), room)];
                    break;
                case 3 or 4 when at > 0:
                    room = room[..Math.Min(room.Length, at)];
                    text.AsSpan(random.Next(at - room.Length + 1), room.Length).CopyTo(room);
                    break;
            }
            at += room.Length;
        }
        return text;
    }

    private static byte[] Literal(byte[] bytes) =>
        [.. bytes.Length <= 60 ? [(byte)((bytes.Length - 1) << 2)] : new byte[] { 60 << 2, (byte)(bytes.Length - 1) }, .. bytes];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), (byte)(value >> 7)];
}
