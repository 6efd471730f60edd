using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Tests.PromQL;

public sealed class ExperimentalSyntaxTests
{
    private static readonly PromParserOptions Stable = new()
    {
        ExperimentalFunctions = false,
        ExtendedRangeSelectors = false,
        FillModifiers = false,
    };

    [Theory]
    [InlineData("1 + sum(mad_over_time(foo[5m]))", "1:9: parse error: function \"mad_over_time\" is not enabled")]
    [InlineData("limitk(1, foo)", "1:1: parse error: limitk() is experimental and must be enabled with " +
        "--enable-feature=promql-experimental-functions")]
    [InlineData("rate(foo[5m] smoothed)", "1:6: parse error: smoothed modifier is experimental and not enabled")]
    [InlineData("foo anchored", "1:1: parse error: anchored modifier is experimental and not enabled")]
    [InlineData("a + on(x) fill_left(1) b", "1:1: parse error: binop fill modifiers are experimental and not enabled")]
    public void What_is_turned_off_is_a_parse_error(string query, string message)
    {
        PromParser.Parse(query);
        Assert.Equal(message, Assert.Throws<PromParseException>(() => PromParser.Parse(query, Stable)).Message);
    }

    [Theory]
    [InlineData("rate(foo[5m])")]
    [InlineData("foo[step() + 1m]")]
    [InlineData("first_over_time(foo[5m])")]
    [InlineData("topk(1, foo) + on (x) group_left bar")]
    public void What_is_stable_stays(string query) => PromParser.Parse(query, Stable);
}
