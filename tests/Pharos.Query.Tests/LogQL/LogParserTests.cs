using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.Tests.LogQL;

public sealed class LogParserTests
{
    [Theory]
    [InlineData("""{app="a"}""", """{app="a"}""")]
    [InlineData("""({app="a", b!="c"})""", """{app="a", b!="c"}""")]
    [InlineData("""{app=~"a.+"} |= "x" or "y" != `z` |~ "r" !~ "s" |> "<_>k" !> "l" """,
        """{app=~"a.+"} |= "x" or "y" != "z" |~ "r" !~ "s" |> "<_>k" !> "l" """)]
    [InlineData("""{a="b"} |= ip("10.0.0.0/8") | x = ip("1.1.1.1")""", """{a="b"} |= ip("10.0.0.0/8") | x=ip("1.1.1.1")""")]
    [InlineData("""{a="b"} | json | logfmt --strict --keep-empty | unpack | decolorize""",
        """{a="b"} | json | logfmt --strict --keep-empty | unpack | decolorize""")]
    [InlineData("""{a="b"} | json x="a.b[0][\"k\"]", y | logfmt c, d="e" """, """{a="b"} | json x="a.b[0][\"k\"]", y | logfmt c, d="e" """)]
    [InlineData("""{a="b"} | regexp "(?P<x>.)" | pattern "<ip> <_>" """, """{a="b"} | regexp "(?P<x>.)" | pattern "<ip> <_>" """)]
    [InlineData("""{a="b"} | x>1 and y<=5m or z==1.5KB""", """{a="b"} | ((x>1, y<=5m0s) or z==1500B)""")]
    [InlineData("""{a="b"} | x="1" y!="2", z=~"3" """, """{a="b"} | (x="1", y!="2", z=~"3")""")]
    [InlineData("""{a="b"} | line_format "{{.x}}" | label_format a=b, c="{{.d}}" """, """{a="b"} | line_format "{{.x}}" | label_format a=b, c="{{.d}}" """)]
    [InlineData("""{a="b"} | drop x, y="z" | keep k!~"v" """, """{a="b"} | drop x, y="z" | keep k!~"v" """)]
    [InlineData("""COUNT_OVER_TIME({a="b"}[5m] offset 1h |= "x")""", """count_over_time({a="b"} |= "x" [5m] offset 1h)""")]
    [InlineData("""sum(rate({a="b"} [5m])) by (app)""", """sum by (app) (rate({a="b"} [5m]))""")]
    [InlineData("""quantile_over_time(0.9, {a="b"} | json | unwrap duration(x) | __error__="" [1m]) by (c)""",
        """quantile_over_time(0.9,{a="b"} | json | unwrap duration(x) | __error__="" [1m]) by (c)""")]
    [InlineData("""topk(3, sum without (x) (rate(({a="b"})[1m])))""", """topk(3, sum without (x) (rate({a="b"} [1m])))""")]
    [InlineData("1 + 2 * 3 ^ 2 ^ 0", "7")]
    [InlineData("""rate({a="b"}[1m]) / on(x) group_left(y) rate({c="d"}[1m]) > bool 0""",
        """((rate({a="b"} [1m]) / on (x) group_left (y) rate({c="d"} [1m])) > bool 0)""")]
    [InlineData("""label_replace(vector(1), "a", "$1", "b", "(.*)") or vector(-2)""", """(label_replace(vector(1), "a", "$1", "b", "(.*)") or vector(-2))""")]
    [InlineData("# comment\n{a=\"b\"} # more\n|= \"x\"", """{a="b"} |= "x" """)]
    [InlineData("""{sum="1", rate="2"} | count > 2 | json json2="x" """, """{sum="1", rate="2"} | count>2 | json json2="x" """)]
    public void A_query_is_printed_canonically(string query, string expected)
    {
        var printed = LogParser.Parse(query).ToString();
        Assert.Equal(expected.TrimEnd(), printed);
        Assert.Equal(printed, LogParser.Parse(printed).ToString());
        Assert.Equal(printed, LogParser.Parse(LogParser.Format(LogParser.Parse(query))).ToString());
    }

    [Theory]
    [InlineData("", "parse error at line 1, col 1: syntax error: unexpected $end")]
    [InlineData("""{a="b"} |=""", "parse error at line 1, col 11: syntax error: unexpected $end, expecting STRING")]
    [InlineData("""{a="b""", "parse error at line 1, col 4: literal not terminated")]
    [InlineData("{a=\"b\"}\n  | json }", "parse error at line 2, col 10: syntax error: unexpected }")]
    [InlineData("""{a=b}""", "parse error at line 1, col 4: syntax error: unexpected IDENTIFIER, expecting STRING")]
    [InlineData("""{a=~".*"}""", "parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
        + "For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will")]
    [InlineData("{}", "parse error : queries require at least one regexp or equality matcher that does not have an empty-compatible value. "
        + "For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will")]
    [InlineData("""sum_over_time({a="b"}[1m])""", "parse error : invalid aggregation sum_over_time without unwrap")]
    [InlineData("""count_over_time({a="b"} | unwrap x [1m])""", "parse error : invalid aggregation count_over_time with unwrap")]
    [InlineData("""rate({a="b"}[1m]) by (x)""", "parse error : grouping not allowed for rate aggregation")]
    [InlineData("""topk(rate({a="b"}[1m]))""", "parse error : parameter required for operation topk")]
    [InlineData("""quantile_over_time({a="b"} | unwrap x [1m])""", "parse error : parameter required for operation quantile_over_time")]
    [InlineData("""{a="b"} + 1""", "parse error : unexpected type for left leg of binary operation (+): {a=\"b\"}")]
    [InlineData("""1 and rate({a="b"}[1m])""", "parse error : unexpected literal for left leg of logical/set binary operation (and): 1.000000")]
    [InlineData("""{a="b"} | regexp "x" """, "parse error at line 1, col 11: stage '| regexp \"x\"' : at least one named capture must be supplied")]
    [InlineData("""{a="b"} | pattern "<a><b>" """,
        "parse error at line 1, col 11: stage '| pattern \"<a><b>\"' : found consecutive capture '<a><b>': invalid expression")]
    [InlineData("""{a="b"} | label_format x="1", x="2" """,
        "parse error at line 1, col 11: stage '| label_format x=\"1\", x=\"2\"' : multiple label name 'x' not allowed in a single format operation")]
    public void What_is_no_query_is_refused_with_its_place(string query, string expected) =>
        Assert.Equal(expected, Assert.Throws<LogParseException>(() => LogParser.Parse(query)).Message);

    [Fact]
    public void A_shippers_selector_may_match_the_empty_text()
    {
        Assert.Empty(LogParser.ParseLogQuery("{} |= \"x\"", mayMatchEmpty: true).Matchers);
        Assert.Throws<LogParseException>(() => LogParser.ParseLogQuery("rate({a=\"b\"}[1m])"));
    }

    [Fact]
    public void A_query_that_is_too_long_is_refused() =>
        Assert.Equal("parse error : input size too long (131073 > 131072)",
            Assert.Throws<LogParseException>(() => LogParser.Parse(new string(' ', 131_073))).Message);

    [Fact]
    public void Deep_nesting_ends_in_an_error()
    {
        Assert.Throws<LogParseException>(() => LogParser.Parse(new string('(', 60_000)));
        Assert.Throws<LogParseException>(() => LogParser.Parse(string.Join(" + ", Enumerable.Repeat("vector(1)", 5000))));
        Assert.IsType<LogQueryExpr>(LogParser.Parse("{a=\"b\"} | " + string.Join(" or ", Enumerable.Repeat("x=1", 15_000))));
    }

    [Fact]
    public void A_long_query_is_laid_out()
    {
        const string query = """
            sum by (app) (rate({namespace="progressive-framework-prod", app="progressive-framework-v5"}
            |= "error" | json | level="x" [5m]))
            """;
        Assert.Equal("""
            sum by (app) (
              rate(
                {namespace="progressive-framework-prod", app="progressive-framework-v5"}
                  |= "error"
                  | json
                  | level="x" [5m]
              )
            )
            """.ReplaceLineEndings("\n"), LogParser.Format(LogParser.Parse(query)));
    }
}
