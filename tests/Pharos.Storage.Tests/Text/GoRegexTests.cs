using Pharos.Storage.Text;

namespace Pharos.Storage.Tests.Text;

public sealed class GoRegexTests
{
    [Theory]
    [InlineData("a.*", "abc", true)]
    [InlineData("a.*", "xabc", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("(a|b)c", "bc", true)]
    [InlineData("5..", "503", true)]
    [InlineData("(?i)abc", "ABC", true)]
    [InlineData(@"\d+", "٣", false)]
    [InlineData(@"[[:alpha:]_]+", "ab_c", true)]
    [InlineData(@"\Qa.b\E", "a.b", true)]
    [InlineData(@"\Qa.b\E", "axb", false)]
    [InlineData(".*", "line\nbreak", true)]
    [InlineData(@"x{2,3}", "xxx", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("|a", "", true)]
    public void Anchored_matches_as_RE2(string pattern, string text, bool expected) =>
        Assert.Equal(expected, GoRegex.Anchored(pattern).IsMatch(text));

    [Theory]
    [InlineData("a|b", "a b")]
    [InlineData("(a|b)", "a b")]
    [InlineData("(?:a|b)", "a b")]
    [InlineData(@"a\.b\|c|\_\\", @"a.b|c _\")]
    [InlineData("a|", "a ")]
    [InlineData("", "")]
    [InlineData("(?P<n>a)", null)]
    [InlineData("(?i)a", null)]
    [InlineData("(a)|(b)", null)]
    [InlineData("(a|b)c", null)]
    [InlineData(@"\d", null)]
    [InlineData(@"a\pLb", null)]
    [InlineData(@"\Qa.b\E", null)]
    [InlineData("a.c", null)]
    [InlineData("^a$", null)]
    public void A_list_of_strings_is_known_as_one(string pattern, string? strings)
    {
        var regex = GoRegex.Anchored(pattern);
        Assert.Equal(strings, regex.LiteralAlternatives is { } found ? string.Join(' ', found) : null);
        foreach (var text in (string[])["", "a", "b", "c", "a.b|c", "axb", "A", "ac", "bc", @"_\", "0"])
        {
            // The engine decides where the pattern is put into something that is no list.
            Assert.Equal(GoRegex.Anchored($"(?:{pattern})[x]?").IsMatch(text), regex.IsMatch(text));
        }
    }

    [Theory]
    [InlineData(@"a\.b.*", "a.bc", true)]
    [InlineData(@"a\.b.*", "axbc", false)]
    [InlineData(@".*\.b", "a.b", true)]
    [InlineData(@".*\.b", "axb", false)]
    [InlineData(@".*a\", null, false)]
    public void A_literal_before_or_after_anything_may_have_escapes(string pattern, string? text, bool expected)
    {
        if (text is null)
        {
            Assert.Throws<GoRegexException>(() => GoRegex.Anchored(pattern));
            return;
        }
        Assert.Equal(expected, GoRegex.Anchored(pattern).IsMatch(text));
    }

    [Fact]
    public void A_list_of_thousands_of_names_is_no_burden()
    {
        var regex = GoRegex.Anchored("(" + string.Join('|', Enumerable.Range(0, 20_000).Select(i => $@"host-{i}\.example\.com:9100")) + ")");
        Assert.True(regex.IsMatch("host-19999.example.com:9100"));
        Assert.False(regex.IsMatch("host-19999xexample.com:9100"));
    }

    [Theory]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("(?=a)")]
    [InlineData(@"(a)\1")]
    [InlineData("[a")]
    [InlineData("a{1001}")]
    [InlineData("(a{100}){11}")]
    [InlineData("((a{10,}b){10}c){2,11}")]
    [InlineData("(x|(a{0,501}))*{2}")]
    [InlineData("(?:(a{501})){2}")]
    public void Refuses_what_RE2_refuses(string pattern) =>
        Assert.Throws<GoRegexException>(() => GoRegex.Anchored(pattern));

    [Theory]
    [InlineData("(a{100}){10}")]
    [InlineData("(a{1000}b{1000})c{1000}")]
    [InlineData("(a{1000}){0}")]
    [InlineData("(a{1000}){1}")]
    public void Takes_a_thousand_repetitions_inside_one_another(string pattern) => Assert.NotNull(GoRegex.Anchored(pattern));

    [Fact]
    public void A_long_list_of_names_with_wildcards_is_one_pattern()
    {
        var regex = GoRegex.Anchored(string.Join('|', Enumerable.Range(0, 2_000).Select(i => $"host-{i}\\..*")));
        Assert.True(regex.IsMatch("host-1999.example"));
        Assert.False(regex.IsMatch("host-2000.example"));
    }

    [Fact]
    public void Named_groups_keep_their_left_to_right_number()
    {
        var regex = GoRegex.Anchored("(?P<first>a+)(b+)");
        Assert.Equal("bb-aa-", regex.Expand("$2-${first}-$1x", regex.Match("aabb")));
    }

    [Fact]
    public void Expand_keeps_what_is_no_group_reference() =>
        Assert.Equal("$ a $", GoRegex.Anchored("(.*)").Expand("$$ $1 $", GoRegex.Anchored("(.*)").Match("a")));
}
