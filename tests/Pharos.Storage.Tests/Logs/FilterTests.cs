using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Logs.Blocks;
using Pharos.Storage.Logs.Filters;

namespace Pharos.Storage.Tests.Logs;

public sealed class FilterTests
{
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.Char.AlphaNumeric.Array[1, 40].Select(static chars => new string(chars)),
        Gen.String[Gen.Char["0123456789abcdef"], 1, 70],
        Gen.String[Gen.Char["abcdefgh-_ .:\"/\nÄ😀"], 1, 20],
        Gen.Guid.Select(static id => id.ToString()),
        Gen.Const("trace_id="), Gen.Const("\u0001\u0002"));

    [Fact]
    public void A_filter_never_denies_a_part_of_a_line_in_either_case() => Gen.Select(Piece.Array[1, 30], Gen.Int[0, 1000], Gen.Int[3, 60]).Sample(input =>
    {
        var (pieces, from, length) = input;
        var lines = System.Text.Encoding.UTF8.GetBytes(string.Concat(pieces) + "\n");
        var grams = new GramCollector();
        grams.Collect(lines);
        var filter = new ByteWriter();
        TextFilter.Write(grams, filter);
        var start = from % lines.Length;
        var part = lines.AsSpan(start, Math.Min(length, lines.Length - start));
        Assert.True(TextFilter.MayContain(filter.Written, part));
        Assert.True(TextFilter.MayContain(filter.Written, UpperCase(part)));
    }, iter: 3000);

    [Fact]
    public void What_repeats_is_left_out_and_nothing_else() => Gen.Select(Piece.Array[1, 30], Gen.Int[1, 4]).Sample(input =>
    {
        var (pieces, times) = input;
        var lines = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Concat(pieces) + "\n", times)));
        var grams = new GramCollector();
        grams.Collect(lines);
        var every = new EveryPiece([], []);
        TextGrams.Words(lines, ref every);
        Assert.Equal(every.Words.Order(), grams.Words.ToArray().Order());

        // Ids do not go beyond a byte that is in none.
        foreach (var run in System.Text.RegularExpressions.Regex.Matches(System.Text.Encoding.Latin1.GetString(lines), "[A-Za-z0-9_-]{16,}").Select(static run => run.Value))
        {
            TextGrams.Ids(System.Text.Encoding.Latin1.GetBytes(run), ref every);
        }
        Assert.Equal(every.Ids.Order(), grams.Ids.ToArray().Order());
    }, iter: 3000);

    [Fact]
    public void Hardly_any_text_that_is_not_there_passes()
    {
        var random = new Random(5);
        var lines = new StringWriter();
        for (var i = 0; i < 4000; i++)
        {
            lines.Write($"{{\"level\":\"info\",\"message\":\"request completed\",\"status\":{random.Next(200, 500)},\"trace_id\":\"{Id(random)}\"}}\n");
        }
        var grams = new GramCollector();
        grams.Collect(System.Text.Encoding.UTF8.GetBytes(lines.ToString()));
        var filter = new ByteWriter();
        TextFilter.Write(grams, filter);
        Assert.InRange(filter.Length, 1000, 20_000);
        var passed = Enumerable.Range(0, 1000).Count(_ => TextFilter.MayContain(filter.Written, System.Text.Encoding.UTF8.GetBytes(Id(random))));
        Assert.InRange(passed, 0, 30);
        Assert.False(TextFilter.MayContain(filter.Written, "OutOfMemoryError"u8));
        Assert.False(TextFilter.MayContain(filter.Written, "deadlock detected"u8));
    }

    [Fact]
    public void Hexadecimal_texts_are_put_back_as_they_were() => Piece.Array[1, 40].Sample(pieces =>
    {
        var lines = System.Text.Encoding.UTF8.GetBytes(string.Concat(pieces));
        var rest = new byte[lines.Length];
        var taken = new ByteWriter();
        var length = HexText.TakeOut(lines, rest, taken);
        if (length < 0)
        {
            return;
        }
        var back = new byte[lines.Length];
        Assert.True(HexText.TryPutBack(rest.AsSpan(0, length), taken.Written, back));
        Assert.Equal(lines, back);
    }, iter: 5000);

    [Fact]
    public void Line_ends_are_found_without_putting_texts_back() => Piece.Array[1, 40].Sample(pieces =>
    {
        var lines = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', pieces) + "\n");
        var rest = new byte[lines.Length];
        var taken = new ByteWriter();
        var length = HexText.TakeOut(lines, rest, taken);
        if (length < 0)
        {
            return;
        }
        var expected = new int[lines.AsSpan().Count((byte)'\n')];
        Assert.True(LineEndsColumn.TryFind(lines, expected));
        var ends = new int[expected.Length];
        Assert.True(HexText.TryFindLineEnds(rest.AsSpan(0, length), taken.Written, lines.Length, ends));
        Assert.Equal(expected, ends);

        // What does not fit together is told.
        Assert.False(HexText.TryFindLineEnds(rest.AsSpan(0, length), taken.Written, lines.Length - 1, ends));
        Assert.False(HexText.TryFindLineEnds(rest.AsSpan(0, length - 1), taken.Written, lines.Length, ends));
        Assert.False(HexText.TryFindLineEnds(rest.AsSpan(0, length), taken.Written[..^1], lines.Length, ends));
        Assert.False(HexText.TryFindLineEnds(rest.AsSpan(0, length), taken.Written, lines.Length, ends.AsSpan(1)));
        Assert.False(HexText.TryFindLineEnds(rest.AsSpan(0, length), taken.Written, lines.Length, new int[ends.Length + 1]));
    }, iter: 5000);

    [Theory]
    [InlineData("id=0123456789abcdef0123456789abcdef;", 5)]
    [InlineData("id=0123456789abcdef;", 5)]
    [InlineData("id=01234567-89ab-cdef-0123-456789abcdef;", 5)]
    [InlineData("id=0123456789abcdef0123456789abcdef01234567;", 13)]
    [InlineData("id=0123456789ABCDEF0123456789abcde;", -1)]
    public void A_long_hexadecimal_text_becomes_one_byte(string line, int length)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(line);
        Assert.Equal(length, HexText.TakeOut(bytes, new byte[bytes.Length], new ByteWriter()));
    }

    private static string Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static byte[] UpperCase(ReadOnlySpan<byte> text)
    {
        var upper = text.ToArray();
        foreach (ref var value in upper.AsSpan())
        {
            value = value is >= (byte)'a' and <= (byte)'z' ? (byte)(value - 32) : value;
        }
        return upper;
    }

    /// <summary>The pieces without any table in front.</summary>
    private readonly struct EveryPiece(HashSet<ulong> words, HashSet<ulong> ids) : IGramSink
    {
        public HashSet<ulong> Words => words;

        public HashSet<ulong> Ids => ids;

        public void Three(uint gram) => words.Add(TextFilter.HashOf(gram, isLong: false));

        public void Four(uint gram, bool isThreeKnown)
        {
            words.Add(TextFilter.HashOf(gram, isLong: true));
            if (isThreeKnown)
            {
                words.Add(TextFilter.HashOf(gram & 0xffffff, isLong: false));
            }
        }

        public void Id(ulong hash) => ids.Add(hash);
    }
}
