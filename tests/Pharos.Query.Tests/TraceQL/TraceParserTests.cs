using Pharos.Query.TraceQL;
using Pharos.Query.TraceQL.Syntax;

namespace Pharos.Query.Tests.TraceQL;

public sealed class TraceParserTests
{
    private const int Many = 20_000;

    public static TheoryData<string> DeepQueries =>
    [
        new string('(', Many), new string('-', Many), $"{{ {new string('(', Many)}", $"{{ {new string('!', Many)}.a }}", $"{{ {new string('-', Many)}.a = 1 }}",
        $"{{ {Chain(".a = 1 && ")}.b = 1 }}", $"{{ {Chain(".a ^ ")}.b = 1 }}", $"{Chain("{ } && ")}{{ }}", $"{Chain("{ } > ")}{{ }}",
        $"{{ }} | rate(){Chain(" | topk(1)", 9_000)}", $"{{ }} | rate(){Chain(" > 1")}", $"{{ }} | count() > 1{Chain(" + 1")}",
        $"{new string('(', 9_000)}{{ }}{Chain(" | { })", 9_000)}", $"{new string('(', 5_000)}{{ }}{Chain(" | count()) > 1", 5_000)}",
        $"{new string('(', 5_000)}{{ }} | rate(){Chain(") * 2", 5_000)}",
    ];

    [Theory]
    [MemberData(nameof(DeepQueries))]
    public void Nothing_nests_without_end(string query) => Assert.Throws<TraceParseException>(() => TraceParser.Parse(query));

    [Fact]
    public void Many_stages_are_no_depth() => Assert.Equal(9_001, ((TracePipeline)TraceParser.Parse("{ }" + Chain(" | { }", 9_000)).Expr).Stages.Count);

    /// <summary>The type of what lies in each other was found three times at each level: some 3^60 times here.</summary>
    [Theory]
    [InlineData("{ true", " * -40", " }")]
    [InlineData("{ .a", " + 2", " > 1 }")]
    [InlineData("{ } | count()", " + 2", " > 1")]
    public async Task Types_are_found_once(string start, string link, string end)
    {
        var parsing = Task.Run(() =>
        {
            try
            {
                TraceParser.Parse(start + Chain(link, 60) + end);
            }
            catch (TraceParseException)
            {
                // A boolean times a number is refused, soon.
            }
        });
        await parsing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_query_is_no_longer_than_Tempos() => Assert.Equal(
        "query string exceeds maximum length of 131072 bytes: 131073",
        Assert.Throws<TraceParseException>(static () => TraceParser.Parse("{ }" + new string(' ', 131_070))).Message);

    [Theory]
    [InlineData("{ .a = 1 && .b = }", "{ .a = 1 }")]
    [InlineData("{ .a = 1 && }", "{ .a = 1 }")]
    [InlineData("{ .a = 1", "{ .a = 1 }")]
    [InlineData("{ .a = \"x\" && .b =~ \"y.*\" && .c", "{ (.a = \"x\") && (.b =~ \"y.*\") }")]
    [InlineData("{ .a = 1 || .b = }", null)]
    [InlineData("{ .a = }", null)]
    [InlineData("{ name = 1 && .b = 2 && }", "{ .b = 2 }")]
    [InlineData("{ .a =~ \"(\" && .b = 2 && }", "{ .b = 2 }")]
    [InlineData("{ .a = \"x", null)]
    [InlineData("", null)]
    [InlineData("{ }", "{ }")]
    [InlineData("{ .a = 1 || .b = 2 }", "{ (.a = 1) || (.b = 2) }")]
    public void Of_a_query_that_is_still_written_the_whole_parts_are_read(string query, string? expected) =>
        Assert.Equal(expected, TraceParser.ParseUnfinished(query)?.ToString());

    [Theory]
    [InlineData(".a", ".a")]
    [InlineData("span.http.status_code", "span.http.status_code")]
    [InlineData("resource.service.name", "resource.service.name")]
    [InlineData("span:name", "name")]
    [InlineData("span.\"a b\"", "span.\"a b\"")]
    public void A_field_is_an_attribute_or_an_intrinsic(string text, string expected) => Assert.Equal(expected, TraceParser.ParseField(text).ToString());

    [Theory]
    [InlineData("1")]
    [InlineData(".a + 1")]
    [InlineData("foo")]
    [InlineData("")]
    [InlineData(".a .b")]
    public void Nothing_else_is_a_field(string text) => Assert.Throws<TraceParseException>(() => TraceParser.ParseField(text));

    private static string Chain(string link, int count = 13_000) => string.Concat(Enumerable.Repeat(link, count));
}
