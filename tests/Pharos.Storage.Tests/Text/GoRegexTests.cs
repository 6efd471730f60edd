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
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("(?=a)")]
    [InlineData(@"(a)\1")]
    [InlineData("[a")]
    [InlineData("a{1001}")]
    public void Refuses_what_RE2_refuses(string pattern) =>
        Assert.Throws<GoRegexException>(() => GoRegex.Anchored(pattern));

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
