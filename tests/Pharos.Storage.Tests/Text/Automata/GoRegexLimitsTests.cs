using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text.Automata;

/// <summary>Patterns that make other engines explode take memory in proportion to themselves.</summary>
/// <remarks>Bytes are counted, not time; with an engine that is not linear, the tests would not end.</remarks>
[Collection(WholeHeap.Name)]
public sealed class GoRegexLimitsTests
{
    private static readonly string LongText = string.Concat(Enumerable.Repeat("abc", 67)) + "ab";

    [Theory]
    [InlineData("(?:a{0,100}b{0,100}c{0,100}){0,10}", 3_000_000)]
    [InlineData("(?:a?){0,1000}(?:[ab]?){1000}[a-c]*", 3_000_000)]
    [InlineData("(?:.*a.*b.*c){1,300}", 3_000_000)]
    [InlineData("(?:[ab].{1,200}[bc]){1,5}(?s:.*)", 3_000_000)]
    [InlineData("(((((((a*)*b*)*c*)*)*)*)*)*", 1_000_000)]
    public void Counted_repetitions_take_little_memory(string pattern, long bytes)
    {
        var regex = GoRegex.Anchored(pattern);
        var taken = Allocated(() =>
        {
            for (var length = 0; length <= LongText.Length; length++)
            {
                regex.IsMatch(LongText[..length] + "!");
            }
            regex.IsMatch(LongText);
        });
        Assert.InRange(taken, 0, bytes);
    }

    [Theory]
    [InlineData("(?:a{0,100}b{0,100}c{0,100}){0,10}", false)]
    [InlineData("(?:a{0,100}b{0,100}c{0,100}){0,100}", true)]
    public void Nested_repetitions_are_refused_only_where_Go_refuses_them(string pattern, bool refused)
    {
        if (refused)
        {
            Assert.Throws<GoRegexException>(() => GoRegex.Anchored(pattern));
            return;
        }
        var regex = GoRegex.Anchored(pattern);
        Assert.True(regex.IsMatch(string.Concat(Enumerable.Repeat("abc", 10))));
        Assert.False(regex.IsMatch(string.Concat(Enumerable.Repeat("abc", 11))));
    }

    [Fact]
    public void Automata_of_many_states_are_not_kept_without_end()
    {
        // Each text of twenty letters is a state of its own for a deterministic automaton.
        var regex = GoRegex.Anchored("[ab]*a[ab]{20}");
        var random = new Random(7);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 500; i++)
        {
            var text = new string([.. Enumerable.Range(0, 200).Select(_ => random.Next(2) == 0 ? 'a' : 'b')]);
            Assert.Equal(text[^21] == 'a', regex.IsMatch(text));
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - held, long.MinValue, 20_000_000);
        GC.KeepAlive(regex);
    }

    [Fact]
    public void Thousands_of_ranges_are_a_class()
    {
        var ranges = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"\\x{{{0x1000 + (2 * i):X}}}"));
        var taken = Allocated(() =>
        {
            var regex = GoRegex.Anchored($"[{ranges}]+|[^{ranges}]{{3}}");
            Assert.True(regex.IsMatch("\u1000\u1002\u3000"));
            Assert.False(regex.IsMatch("\u1000\u1001"));
            Assert.True(regex.IsMatch("\u1001\u1003a"));
        });
        Assert.InRange(taken, 0, 20_000_000);
    }

    [Fact]
    public void Thousands_of_different_classes_are_told_apart()
    {
        var regex = GoRegex.Anchored(string.Concat(Enumerable.Range(0, 3_000).Select(i => $"[{(char)(0x4E00 + i)}-{(char)(0x4E00 + (2 * i))}]?")));
        Assert.True(regex.IsMatch("\u4E01\u4E03\u4E05"));
        Assert.False(regex.IsMatch("\u4E05\u4E01"));
    }

    [Fact]
    public void A_hundred_thousand_atoms_in_a_row_are_a_pattern()
    {
        var regex = GoRegex.Anchored(string.Concat(Enumerable.Repeat("[ab]", 100_000)));
        Assert.True(regex.IsMatch(new string('a', 100_000)));
        Assert.False(regex.IsMatch(new string('a', 99_999)));
    }

    [Fact]
    public void A_pattern_beyond_Gos_size_is_refused()
    {
        var large = string.Concat(Enumerable.Repeat("[ab]{1000}", 3_400));
        var error = Assert.Throws<GoRegexException>(() => GoRegex.Anchored(large));
        Assert.StartsWith("error parsing regexp: expression too large: `", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_nest_as_deep_as_in_Go()
    {
        Assert.True(GoRegex.Anchored(Nested("(", 999)).IsMatch("a"));
        Assert.Contains("expression nests too deeply", Assert.Throws<GoRegexException>(() => GoRegex.Anchored(Nested("(", 1_000))).Message,
            StringComparison.Ordinal);
        // A group that captures nothing is no level.
        Assert.True(GoRegex.Anchored(Nested("(?:", 100_000) + "b?").IsMatch("a"));
        Assert.Contains("missing closing )", Assert.Throws<GoRegexException>(() => GoRegex.Anchored(new string('(', 1_000_000))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_a_pattern_with_many_are_found()
    {
        var regex = GoRegex.Anchored(string.Concat(Enumerable.Repeat("(a|b)?", 2_000)));
        var taken = Allocated(() => Assert.Equal("b", regex.Match(new string('a', 150) + "b").Value(151)));
        Assert.InRange(taken, 0, 100_000_000);
    }

    private static string Nested(string open, int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "a" + new string(')', depth);

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
