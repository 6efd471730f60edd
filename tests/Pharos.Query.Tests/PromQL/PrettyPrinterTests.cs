using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Tests.PromQL;

/// <summary>Layouts with lines of ten bytes, so that short queries are split.</summary>
public sealed class PrettyPrinterTests
{
    [Theory]
    [InlineData("sum(foo)", "sum(foo)")]
    [InlineData("sum by() (task:rate{job=\"s\"})", "sum(\n  task:rate{job=\"s\"}\n)")]
    [InlineData("sum(task:rate{job=\"s\"}) without(job,foo)", "sum without (job, foo) (\n  task:rate{job=\"s\"}\n)")]
    [InlineData("topk(10, task:rate{job=\"s\"})", "topk(\n  10,\n  task:rate{job=\"s\"}\n)")]
    [InlineData("sum by(a) (sum by(a,b) (task:rate10s))", "sum by (a) (\n  sum by (a, b) (\n    task:rate10s\n  )\n)")]
    [InlineData("a+b", "a + b")]
    [InlineData("a == bool 1", "  a\n== bool\n  1")]
    [InlineData("a + ignoring(job) b", "  a\n+ ignoring (job)\n  b")]
    [InlineData("foo_1 + foo_2 + foo_3", "    foo_1\n  +\n    foo_2\n+\n  foo_3")]
    [InlineData("foo + baar + foo_3", "  foo + baar\n+\n  foo_3")]
    [InlineData("foo_1 + on(i) group_right foo_4", "  foo_1\n+ on (i) group_right ()\n  foo_4")]
    [InlineData("rate(foo[1m])", "rate(\n  foo[1m]\n)")]
    [InlineData("round(foo_long_name, 2)", "round(\n  foo_long_name,\n  2\n)")]
    [InlineData("(foo)", "(foo)")]
    [InlineData("(foo_1 + foo_2)", "(\n    foo_1\n  +\n    foo_2\n)")]
    [InlineData("-(foo_1 + foo_2)", "-(\n    foo_1\n  +\n    foo_2\n)")]
    [InlineData("min_over_time(rate(foo[2s])[5m:])[4m:3s] offset 1m",
        "min_over_time(\n  rate(\n    foo[2s]\n  )[5m:]\n)[4m:3s] offset 1m")]
    public void What_is_longer_than_a_line_is_split(string query, string expected)
    {
        var pretty = new PrettyPrinter(maxBytes: 10).Print(PromParser.Parse(query));
        Assert.Equal(expected, pretty);
        Assert.Equal(PromParser.Parse(query).ToString(), PromParser.Parse(pretty).ToString());
    }

    [Fact]
    public void A_line_holds_a_hundred_bytes()
    {
        var fits = new string('a', 96) + " + b";
        Assert.Equal(fits, PromParser.Parse(fits).Pretty());
        Assert.Equal($"  {new string('a', 97)}\n+\n  b", PromParser.Parse(new string('a', 97) + "+ b").Pretty());
    }
}
