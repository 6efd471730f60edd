using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

/// <summary>Searches in any case find what a search of small letters finds in small letters.</summary>
public sealed class FoldedTextTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Places_are_those_in_small_letters(int seed)
    {
        var random = new Random(seed);
        var found = 0;
        for (var round = 0; round < 5000; round++)
        {
            var bytes = Bytes(random, random.Next(200));
            var text = bytes.Length > 0 && random.Next(2) == 0 ? bytes.AsSpan(random.Next(bytes.Length))[..1].ToArray() : Bytes(random, random.Next(1, 6));
            if (bytes.Length > 8 && random.Next(2) == 0)
            {
                text = bytes.AsSpan(random.Next(bytes.Length - 7), random.Next(1, 8)).ToArray();
            }
            var folded = new FoldedText(text);
            var (small, smallText) = (Small(bytes), Small(text));
            Assert.Equal(smallText, folded.Text.ToArray());
            Assert.True(small.AsSpan().IndexOf(smallText) == folded.IndexIn(bytes), $"seed {seed}, round {round}, first");
            Assert.True(small.AsSpan().LastIndexOf(smallText) == folded.LastIndexIn(bytes), $"seed {seed}, round {round}, last");
            found += folded.IndexIn(bytes) >= 0 ? 1 : 0;
        }
        Assert.InRange(found, 1000, 4900);
    }

    [Theory]
    [InlineData("(?i)timeout", "timeout")]
    [InlineData("(?i)TimeOut.*x", "timeout")]
    [InlineData("(?i)connection reset", "connection re")]
    [InlineData("x?(?i:(Retry)+)", "retry")]
    [InlineData("(?i)task", null)]
    [InlineData("(?i)a|b", null)]
    [InlineData("timeout", null)]
    [InlineData("(?i)(timeout)?", null)]
    public void The_text_of_a_pattern_in_any_case(string pattern, string? text) =>
        Assert.Equal(text, GoRegexBytes.Unanchored(pattern).RequiredFolded is { } folded ? System.Text.Encoding.ASCII.GetString(folded.Text.Span) : null);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = "aAbBeE{[@` 0"u8[random.Next(12)];
        }
        return bytes;
    }

    private static byte[] Small(byte[] bytes) => [.. bytes.Select(static each => each is >= (byte)'A' and <= (byte)'Z' ? (byte)(each + 32) : each)];
}
