using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Analysis;

public sealed class TraceTreeTests
{
    [Fact]
    public void Children_follow_their_parent_by_start_with_all_below_them()
    {
        var tree = Make.Tree(Make.Span(4, 2, 20, 5), Make.Span(3, 1, 10, 5), Make.Span(2, 1, 15, 50), Make.Span(1, 0, 0, 100));
        Assert.Equal([1UL, 3, 2, 4], tree.Nodes.Select(static node => node.Span.SpanId));
        Assert.Equal([0, 1, 1, 2], tree.Nodes.Select(static node => node.Depth));
        Assert.Equal([-1, 0, 0, 2], tree.Nodes.Select(static node => node.Parent));
        Assert.Equal([2, 0, 1, 0], tree.Nodes.Select(static node => node.Children));
        Assert.Equal([3, 0, 1, 0], tree.Nodes.Select(static node => node.Descendants));
        Assert.Equal((0, 100), (tree.StartNs, tree.EndNs));
    }

    [Fact]
    public void A_span_whose_parent_is_not_stored_is_a_root_and_says_so()
    {
        var tree = Make.Tree(Make.Span(1, 0, 0, 10), Make.Span(2, 99, 5, 10), Make.Span(3, 2, 6, 1));
        Assert.Equal([(1UL, 0, false), (2, 0, true), (3, 1, false)], tree.Nodes.Select(static node => (node.Span.SpanId, node.Depth, node.IsOrphan)));
    }

    [Fact]
    public void Spans_that_are_above_each_other_in_a_circle_are_all_shown_once()
    {
        var tree = Make.Tree(Make.Span(1, 0, 0, 10), Make.Span(2, 4, 5, 1), Make.Span(3, 2, 6, 1), Make.Span(4, 3, 7, 1), Make.Span(5, 5, 8, 1));
        Assert.Equal([(1UL, 0), (2, 0), (3, 1), (4, 2), (5, 0)], tree.Nodes.Select(static node => (node.Span.SpanId, node.Depth)));
    }

    [Fact]
    public void A_server_with_its_client_s_id_is_the_client_s_child_and_has_the_children()
    {
        var client = Make.Span(2, 1, 10, 40) with { Kind = SpanKind.Client };
        var server = Make.Span(2, 1, 15, 30, service: "b") with { Kind = SpanKind.Server };
        var tree = Make.Tree(Make.Span(1, 0, 0, 100), server, client, Make.Span(3, 2, 20, 5, service: "b"));
        Assert.Equal(
            [SpanKind.Unspecified, SpanKind.Client, SpanKind.Server, SpanKind.Unspecified], tree.Nodes.Select(static node => node.Span.Kind));
        Assert.Equal([0, 1, 2, 3], tree.Nodes.Select(static node => node.Depth));
    }

    [Fact]
    public void A_chain_of_any_length_needs_no_stack()
    {
        var tree = Make.Tree([.. Enumerable.Range(1, 100_000).Select(static i => Make.Span((ulong)i, (ulong)i - 1, i, 200_000 - (2 * i)))]);
        Assert.Equal(99_999, tree[99_999].Depth);
        Assert.Equal(99_999, tree[0].Descendants);
        Assert.Equal(199_998, SelfTime.Of(tree).Sum());
        Assert.NotEmpty(CriticalPath.Of(tree));
        Assert.Equal(100_000, CallTree.Of(tree).Count);
        Assert.Equal(100_000, TraceComparison.Of(tree, tree).Count);
    }

    [Fact]
    public void A_trace_without_spans_is_an_empty_tree()
    {
        var tree = Make.Tree();
        Assert.Equal((0, 0, 0), (tree.Count, tree.StartNs, tree.DurationNs));
        Assert.Empty(CriticalPath.Of(tree));
        Assert.Empty(CallTree.Of(tree));
    }
}
