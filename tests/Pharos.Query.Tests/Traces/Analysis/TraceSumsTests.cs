using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Analysis;

public sealed class TraceSumsTests
{
    /// <summary>0..100 web GET, in it 10..30 db read, 20..50 db read (failed), 60..70 cache get, and 90..130 beyond its parent.</summary>
    private static readonly Span[] Spans =
    [
        Make.Span(1, 0, 0, 100, "GET", "web"),
        Make.Span(2, 1, 10, 20, "read", "db"),
        Make.Span(3, 1, 20, 30, "read", "db") with { Status = SpanStatus.Error, Attributes = [new SpanAttribute("table", AttributeValue.OfText("users"))] },
        Make.Span(4, 1, 60, 10, "get", "cache"),
        Make.Span(5, 1, 90, 40, "late", "web"),
    ];

    [Fact]
    public void Self_time_is_what_no_child_covers() =>
        Assert.Equal([40L, 20, 30, 10, 40], SelfTime.Of(Make.Tree(Spans)));

    [Fact]
    public void Statistics_by_service_and_operation()
    {
        var groups = TraceStatistics.Of(Make.Tree(Spans), "service", "operation");
        Assert.Equal(["web", "db", "cache"], groups.Select(static group => group.Name));
        var db = groups[1];
        Assert.Equal((2, 1, 50L, 20L, 30L), (db.Count, db.Errors, db.TotalNs, db.MinNs, db.MaxNs));
        Assert.Equal((50L, 20L, 30L, 25.0), (db.SelfTotalNs, db.SelfMinNs, db.SelfMaxNs, db.AverageNs));
        Assert.Equal(["GET", "late"], groups[0].Parts.Select(static part => part.Name));
        Assert.Equal(80, groups[0].SelfTotalNs);
        Assert.Empty(db.Parts[0].Parts);
    }

    [Fact]
    public void Statistics_by_an_attribute_keep_the_spans_without_it() => Assert.Equal(
        [("", 4), ("users", 1)],
        TraceStatistics.Of(Make.Tree(Spans), "table", null).Select(static group => (group.Name, group.Count)));

    [Fact]
    public void Alike_calls_are_one_node_whose_width_is_its_self_time_and_what_is_below()
    {
        var nodes = CallTree.Of(Make.Tree(Spans));
        Assert.Equal([("GET", -1, 140L), ("read", 0, 50), ("late", 0, 40), ("get", 0, 10)], nodes.Select(static node => (node.Operation, node.Parent, node.WeightNs)));
        Assert.Equal((2, 1, 50L, 1), (nodes[1].Count, nodes[1].Errors, nodes[1].DurationNs, nodes[1].Depth));
    }

    [Fact]
    public void A_comparison_shows_what_only_one_of_two_traces_does()
    {
        var other = Make.Tree(
            Make.Span(1, 0, 0, 80, "GET", "web"), Make.Span(2, 1, 10, 20, "read", "db"), Make.Span(3, 1, 40, 20, "write", "db"));
        var nodes = TraceComparison.Of(Make.Tree(Spans), other);
        Assert.Equal(
            [("GET", 1, 1), ("read", 2, 1), ("get", 1, 0), ("late", 1, 0), ("write", 0, 1)],
            nodes.Select(static node => (node.Operation, node.CountA, node.CountB)));
        Assert.Equal((50L, 20L, 1, 0, 0), (nodes[1].DurationA, nodes[1].DurationB, nodes[1].ErrorsA, nodes[1].ErrorsB, nodes[1].Parent));
    }

    [Theory]
    [InlineData("READ", true)]
    [InlineData("table", true)]
    [InlineData("table=users", true)]
    [InlineData("table=orders", false)]
    [InlineData("0000000000000003", true)]
    [InlineData("cache", false)]
    public void Text_is_found_wherever_a_span_says_it(string text, bool found) => Assert.Equal(found, SpanText.Contains(Spans[2], text));
}
