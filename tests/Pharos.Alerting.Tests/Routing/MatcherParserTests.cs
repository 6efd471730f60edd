using Pharos.Alerting.Routing;

namespace Pharos.Alerting.Tests.Routing;

public sealed class MatcherParserTests
{
    [Theory]
    [InlineData("foo=bar", """{foo="bar"}""")]
    [InlineData("foo = bar", """{foo="bar"}""")]
    [InlineData("{foo=~\"bar.*\",baz!=1}", """{baz!="1",foo=~"bar.*"}""")]
    [InlineData("{}", "{}")]
    [InlineData("", "{}")]
    [InlineData("foo=bar,", """{foo="bar"}""")]
    [InlineData("foo=", """{foo=""}""")]
    [InlineData("""foo="a,b",x=y""", """{foo="a,b",x="y"}""")]
    [InlineData("""foo="a\nb\"c\\" """, """{foo="a\nb\"c\\"}""")]
    [InlineData("""foo="a\dc" """, """{foo="a\\dc"}""")]
    [InlineData("foo=bar baz", """{foo="bar baz"}""")]
    public void Classic_notation(string text, string expected) => Check(text, MatcherMode.Classic, expected);

    [Theory]
    [InlineData("=bar")]
    [InlineData("foo")]
    [InlineData("foo=\"bar")]
    [InlineData("foo=bar\"")]
    [InlineData("föö=bar")]
    [InlineData(",")]
    [InlineData("foo=~(")]
    public void What_the_classic_notation_refuses(string text) =>
        Assert.NotNull(MatcherParser.ParseAll(text, MatcherMode.Classic).Error);

    [Theory]
    [InlineData("foo=bar", """{foo="bar"}""")]
    [InlineData("{ foo = bar , }", """{foo="bar"}""")]
    [InlineData("{}", "{}")]
    [InlineData("föö=🙂", """{föö="🙂"}""")]
    [InlineData("\"foo bar\"=~\"x\\ty\"", """{"foo bar"=~"x\ty"}""")]
    [InlineData("{\"a,b\"!~c,d!=e}", """{"a,b"!~"c",d!="e"}""")]
    public void Newer_notation(string text, string expected) => Check(text, MatcherMode.Utf8Strict, expected);

    [Theory]
    [InlineData("foo=")]
    [InlineData("{foo=bar")]
    [InlineData("foo=bar}")]
    [InlineData("{foo=bar}}")]
    [InlineData("foo=bar baz")]
    [InlineData("foo==bar")]
    [InlineData("foo!bar")]
    [InlineData("{,}")]
    [InlineData("foo=\"bar")]
    [InlineData("foo=\"\\d\"")]
    [InlineData("foo=bar,,a=b")]
    public void What_the_newer_notation_refuses(string text) =>
        Assert.NotNull(MatcherParser.ParseAll(text, MatcherMode.Utf8Strict).Error);

    [Fact]
    public void Fallback_takes_the_newer_unless_only_the_older_can_read_it_or_both_differ()
    {
        Assert.Null(MatcherParser.ParseAll("föö=bar").Error);
        var onlyOlder = MatcherParser.ParseAll("foo=bar baz");
        Assert.Equal(("bar baz", true), (onlyOlder.Matchers[0].Value, onlyOlder.Warning is not null));
        // A tab for the newer notation, a backslash and a t for the older.
        var differing = MatcherParser.ParseAll("""foo="a\tb" """);
        Assert.Equal((@"a\tb", true), (differing.Matchers[0].Value, differing.Warning is not null));
        Assert.NotNull(MatcherParser.ParseAll("!!").Error);
    }

    [Fact]
    public void One_matcher_takes_no_braces()
    {
        Assert.NotNull(MatcherParser.ParseOne("{a=b}", MatcherMode.Utf8Strict).Error);
        Assert.NotNull(MatcherParser.ParseOne("a=b,c=d", MatcherMode.Utf8Strict).Error);
        Assert.Equal("""a="b" """.Trim(), MatcherText.Of(MatcherParser.ParseOne("a=b").Matchers[0]));
    }

    private static void Check(string text, MatcherMode mode, string expected)
    {
        var result = MatcherParser.ParseAll(text, mode);
        Assert.Null(result.Error);
        Assert.Equal(expected, MatcherText.Of(result.Matchers));
    }
}
