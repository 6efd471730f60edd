using System.Buffers.Binary;
using Pharos.Collection.Hashing;

namespace Pharos.Collection.Tests.Hashing;

public sealed class AesTextHashTests
{
    private const int Block = AesTextHash.BlockBytes;

    private static readonly byte[] Box = MakeBox();

    [Fact]
    public void The_processors_rounds_give_what_the_rounds_by_tables_give()
    {
        Assert.SkipUnless(AesTextHash.IsSupported, "this processor has no AES rounds");
        var random = new Random(7);
        var key = new byte[AesTextHash.KeyBytes];
        random.NextBytes(key);
        var hash = new AesTextHash(key);
        for (var length = 0; length < 1700; length += length < 100 ? 1 : 37)
        {
            var text = new byte[length];
            random.NextBytes(text);

            Assert.Equal(Plain(text, key), hash.HashOf(text));
        }
    }

    /// <summary>FIPS 197, appendix B, the first round.</summary>
    [Fact]
    public void The_round_by_tables_is_that_of_AES() =>
        Assert.Equal(
            "a49c7ff2689f352b6b5bea43026a5049",
            Convert.ToHexStringLower(Round(
                Convert.FromHexString("193de3bea0f4e22b9ac68d2ae9f84808"), Convert.FromHexString("a0fafe1788542cb123a339392a6c7605"))));

    [Fact]
    public void Texts_that_differ_in_one_bit_in_length_or_in_the_order_of_their_blocks_have_other_hashes()
    {
        var hasher = new TextHasher();
        var text = new byte[700];
        new Random(11).NextBytes(text);
        var seen = new HashSet<TextHash> { hasher.HashOf(text) };
        for (var bit = 0; bit < text.Length * 8; bit++)
        {
            text[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(seen.Add(hasher.HashOf(text)));
            text[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        for (var length = 1; length < text.Length; length++)
        {
            Assert.True(seen.Add(hasher.HashOf(text.AsSpan(0, length))));
            Assert.True(seen.Add(hasher.HashOf(new byte[length])));
        }
        var other = text.AsSpan().ToArray();
        for (var at = 0; at + (2 * Block) <= text.Length; at += Block)
        {
            text.AsSpan(at, Block).CopyTo(other.AsSpan(at + Block));
            text.AsSpan(at + Block, Block).CopyTo(other.AsSpan(at));
            Assert.True(seen.Add(hasher.HashOf(other)));
            text.CopyTo(other, 0);
        }
    }

    [Fact]
    public void A_hash_tells_the_length_of_its_text()
    {
        var hasher = new TextHasher();

        Assert.Equal(0, hasher.HashOf([]).Length);
        Assert.Equal(203, hasher.HashOf(new byte[203]).Length);
        Assert.Equal(ushort.MaxValue, hasher.HashOf(new byte[70_000]).Length);
    }

    private static TextHash Plain(byte[] text, byte[] key)
    {
        var keys = key.Chunk(Block).ToArray();
        var rest = keys[AesTextHash.BlockKeys..];
        var rounds = rest[3..];
        var length = new byte[Block];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        var sum = Mix(Xor(length, rest[1]), rounds);
        for (var block = 0; block < text.Length / Block; block++)
        {
            if (block > 0 && block % AesTextHash.BlockKeys == 0)
            {
                sum = Mix(Xor(sum, rest[2]), rounds);
            }
            sum = Xor(sum, Mix(Xor(text[(block * Block)..((block + 1) * Block)], keys[block % AesTextHash.BlockKeys]), rounds));
        }
        var last = new byte[Block];
        text.AsSpan(Math.Max(0, text.Length - Block)).CopyTo(last);
        sum = Xor(sum, Mix(Xor(last, rest[0]), rounds));
        return new TextHash(BinaryPrimitives.ReadUInt64LittleEndian(sum.AsSpan(8)), BinaryPrimitives.ReadUInt64LittleEndian(sum));
    }

    private static byte[] Mix(byte[] block, byte[][] rounds) => Round(Round(Round(Round(block, rounds[0]), rounds[1]), rounds[2]), new byte[Block]);

    private static byte[] Xor(byte[] left, byte[] right) => [.. left.Zip(right, static (a, b) => (byte)(a ^ b))];

    private static byte[] Round(byte[] block, byte[] key)
    {
        var result = new byte[Block];
        for (var at = 0; at < Block; at++)
        {
            byte Cell(int row) => Box[block[CellOf(at / 4, row)]];
            var (first, second) = (Cell(at % 4), Cell((at + 1) % 4));
            result[at] = (byte)(Twice(first) ^ Twice(second) ^ second ^ Cell((at + 2) % 4) ^ Cell((at + 3) % 4) ^ key[at]);
        }
        return result;
    }

    /// <summary>Where the cell of a column and row was before the rows were shifted.</summary>
    private static int CellOf(int column, int row) => ((column + row) % 4 * 4) + row;

    private static byte Twice(byte value) => (byte)((value << 1) ^ (value >= 0x80 ? 0x1b : 0));

    /// <summary>Walks through the field by threes, and through the inverses the other way.</summary>
    private static byte[] MakeBox()
    {
        var box = new byte[256];
        var (value, inverse) = ((byte)1, (byte)1);
        do
        {
            value ^= Twice(value);
            inverse ^= (byte)(inverse << 1);
            inverse ^= (byte)(inverse << 2);
            inverse ^= (byte)(inverse << 4);
            inverse ^= (byte)(inverse >= 0x80 ? 0x09 : 0);
            var rotated = inverse * 0x0101;
            box[value] = (byte)(inverse ^ (rotated >> 7) ^ (rotated >> 6) ^ (rotated >> 5) ^ (rotated >> 4) ^ 0x63);
        }
        while (value != 1);
        box[0] = 0x63;
        return box;
    }
}
