using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.Tests.PromQL;

public sealed class PromParserErrorTests
{
    [Theory]
    [InlineData("", "unknown position: parse error: no expression found in input")]
    [InlineData("1 +", "1:4: parse error: unexpected end of input")]
    [InlineData("foo bar", "1:5: parse error: unexpected identifier \"bar\"")]
    [InlineData("(1", "1:3: parse error: unclosed left parenthesis")]
    [InlineData("1)", "1:3: parse error: unexpected right parenthesis ')'")]
    [InlineData("foo{", "1:5: parse error: unexpected end of input inside braces")]
    [InlineData("foo{a=~}", "1:8: parse error: unexpected \"}\" in label matching, expected string")]
    [InlineData("{}", "1:1: parse error: vector selector must contain at least one non-empty matcher")]
    [InlineData("foo{__name__=\"bar\"}", "1:1: parse error: metric name must not be set twice: \"foo\" or \"bar\"")]
    [InlineData("foo[5m] + 1", "1:1: parse error: binary expression must contain only scalar and instant vector types")]
    [InlineData("1 == 1", "1:3: parse error: comparisons between scalars must use BOOL modifier")]
    [InlineData("foo + bool bar", "1:5: parse error: bool modifier can only be used on comparison operators")]
    [InlineData("1 and foo", "1:1: parse error: set operator \"and\" not allowed in binary scalar expression")]
    [InlineData("rate(foo)", "1:6: parse error: expected type range vector in call to function \"rate\", got instant vector")]
    [InlineData("rate()", "1:1: parse error: expected 1 argument(s) in call to \"rate\", got 0")]
    [InlineData("nope(foo)", "1:1: parse error: unknown function with name \"nope\"")]
    [InlineData("sum(foo[5m])", "1:5: parse error: expected type instant vector in aggregation expression, got range vector")]
    [InlineData("topk(foo)", "1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1")]
    [InlineData("1[5m]", "1:2: parse error: ranges only allowed for vector selectors")]
    [InlineData("foo[0m]", "1:5: parse error: duration must be greater than 0")]
    [InlineData("foo offset 1m offset 2m", "1:1: parse error: offset may not be set multiple times")]
    [InlineData("foo offset 1m[5m]", "1:14: parse error: no offset modifiers allowed before range")]
    [InlineData("foo @ 1 @ 2", "1:1: parse error: @ <timestamp> may not be set multiple times")]
    [InlineData("foo\n  + on(a) group_left(a) bar", "2:3: parse error: label \"a\" must not occur in ON and GROUP clause at once")]
    [InlineData("-\"text\"", "1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got \"string\"")]
    [InlineData("1xyz", "1:1: parse error: bad number or duration syntax: \"1xyz\"")]
    public void An_error_has_Prometheus_text_and_position(string query, string message) =>
        Assert.Equal(message, Assert.Throws<PromParseException>(() => PromParser.Parse(query)).Message);

    [Fact]
    public void All_type_errors_are_reported_not_only_the_first()
    {
        var error = Assert.Throws<PromParseException>(() => PromParser.Parse("rate(foo) + 1 == bool sum(bar[1m])"));
        Assert.Equal(2, error.Errors.Count);
        Assert.Equal((5, 8), (error.Errors[0].StartOffset, error.Errors[0].EndOffset));
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_an_error_rather_than_the_end_of_the_process()
    {
        var query = new string('(', 100_000) + "1" + new string(')', 100_000);
        Assert.Contains("nested more than", Assert.Throws<PromParseException>(() => PromParser.Parse(query)).Message,
            StringComparison.Ordinal);
    }
}
