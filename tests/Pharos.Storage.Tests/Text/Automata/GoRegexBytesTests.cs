using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text.Automata;

/// <summary>Searching bytes and searching a string give the same answer.</summary>
public sealed class GoRegexBytesTests
{
    private const int Patterns = 250;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Bytes_match_where_the_string_does(int seed)
    {
        var generated = new GeneratedPattern(new Random(seed), nullableLoops: true);
        for (var i = 0; i < Patterns; i++)
        {
            var (go, _) = generated.Next();
            var regexes = new[]
            {
                (GoRegex.Unanchored(go), GoRegexBytes.Unanchored(go)), (GoRegex.Anchored(go), GoRegexBytes.Anchored(go)),
                (GoRegex.Unanchored($@"\b{go}\b"), GoRegexBytes.Unanchored($@"\b{go}\b")), (GoRegex.Unanchored($"(?m)^{go}$"), GoRegexBytes.Unanchored($"(?m)^{go}$")),
            };
            foreach (var text in Enumerable.Range(0, 40).Select(_ => generated.Text()))
            {
                var padded = $"{generated.Text()}é世{text}\n{generated.Text()}";
                foreach (var (plain, bytes) in regexes)
                {
                    Assert.True(plain.IsMatch(text) == bytes.IsMatch(Utf8(text)), $"seed {seed}: {plain} on {text}");
                    Assert.True(plain.IsMatch(padded) == bytes.IsMatch(Utf8(padded)), $"seed {seed}: {plain} on {padded}");
                }
            }
        }
    }

    [Theory]
    [InlineData("^.$", "ff", true)]
    [InlineData("^..$", "e282", true)]
    [InlineData("^.$", "e282", false)]
    [InlineData("^.$", "e282ac", true)]
    [InlineData("\uFFFD", "61efbfbd62", true)]
    [InlineData("^a.b$", "61efbfbd62", true)]
    [InlineData("x", "ff78", true)]
    public void A_byte_that_is_no_character_is_one_replacement(string pattern, string hex, bool matches) =>
        Assert.Equal(matches, GoRegexBytes.Unanchored(pattern).IsMatch(Convert.FromHexString(hex)));

    [Fact]
    public void A_table_that_is_full_is_begun_anew()
    {
        // Thousands of states: which of the last characters were an a.
        var regex = GoRegexBytes.Unanchored("a[ab]{13}c");
        var random = new Random(5);
        for (var i = 0; i < 40; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 2000).Select(_ => random.Next(40) == 0 ? 'c' : random.Next(2) == 0 ? 'a' : 'b'));
            Assert.Equal(GoRegex.Unanchored("a[ab]{13}c").IsMatch(text), regex.IsMatch(Utf8(text)));
            var without = text.Replace('c', 'b');
            Assert.False(regex.IsMatch(Utf8(without)));
        }
    }

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
