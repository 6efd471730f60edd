using Pharos.Query.Traces.Analysis;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Analysis;

/// <summary>The first nine are the shapes and numbers of Jaeger UI's own tests of its critical path (test1 to test9).</summary>
public sealed class CriticalPathTests
{
    [Fact]
    public void Two_children_one_after_the_other() => Check(
        [Make.Span(1, 0, 1, 100), Make.Span(2, 1, 20, 20), Make.Span(3, 1, 50, 10)],
        (1, 60, 101), (3, 50, 60), (1, 40, 50), (2, 20, 40), (1, 1, 20));

    [Fact]
    public void Of_two_children_at_once_the_one_that_ends_last() => Check(
        [Make.Span(1, 0, 1, 100), Make.Span(2, 1, 10, 40), Make.Span(3, 1, 20, 40)], (1, 60, 101), (3, 20, 60), (1, 1, 20));

    [Fact]
    public void A_child_that_begins_after_its_parent_has_ended_is_not_on_it() => Check(
        [Make.Span(1, 0, 100, 40) with { Kind = SpanKind.Producer }, Make.Span(2, 1, 200, 300) with { Kind = SpanKind.Client }], (1, 100, 140));

    [Fact]
    public void Nor_is_what_lies_below_such_a_child() => Check(
        [Make.Span(1, 0, 1, 30), Make.Span(2, 1, 40, 40), Make.Span(3, 2, 50, 10)], (1, 1, 31));

    [Fact]
    public void A_span_that_only_follows_from_its_parent_is_not_waited_for()
    {
        var follows = new SpanLink(Make.Id, 1, "", 0, [new SpanAttribute("opentracing.ref_type", AttributeValue.OfText("follows_from"))], 0);
        Check([Make.Span(1, 0, 1, 30), Make.Span(2, 1, 10, 10) with { Links = [follows] }], (1, 1, 31));
    }

    [Fact]
    public void What_reaches_out_of_its_parent_is_cut_at_both_ends() => Check(
        [Make.Span(1, 0, 1, 29), Make.Span(2, 1, 15, 20), Make.Span(3, 2, 10, 15)], (2, 25, 30), (3, 15, 25), (1, 1, 15));

    [Fact]
    public void What_ends_after_its_parents_is_cut_at_the_nearest_end() => Check(
        [Make.Span(1, 0, 1, 29), Make.Span(2, 1, 15, 20), Make.Span(3, 2, 20, 20)], (3, 20, 30), (2, 15, 20), (1, 1, 15));

    [Fact]
    public void A_child_around_its_whole_parent_takes_all_of_it() =>
        Check([Make.Span(1, 0, 10, 20), Make.Span(2, 1, 5, 30)], (2, 10, 30));

    [Fact]
    public void A_child_that_has_ended_before_its_parent_begins_is_not_on_it() =>
        Check([Make.Span(1, 0, 10, 20), Make.Span(2, 1, 1, 4)], (1, 10, 30));

    [Fact]
    public void The_consumer_of_a_message_is_not_waited_for() => Check(
        [Make.Span(1, 0, 0, 50), Make.Span(2, 1, 10, 20) with { Kind = SpanKind.Consumer }, Make.Span(3, 2, 12, 5)], (1, 0, 50));

    [Fact]
    public void A_child_that_ends_when_the_next_begins_is_on_it() => Check(
        [Make.Span(1, 0, 0, 40), Make.Span(2, 1, 10, 10), Make.Span(3, 1, 20, 10)], (1, 30, 40), (3, 20, 30), (2, 10, 20), (1, 0, 10));

    [Fact]
    public void Every_root_has_its_own() =>
        Check([Make.Span(1, 0, 0, 10), Make.Span(2, 99, 20, 10)], (1, 0, 10), (2, 20, 30));

    [Fact]
    public void Spans_of_no_length_change_nothing() =>
        Check([Make.Span(1, 0, 0, 10), Make.Span(2, 1, 5, 0), Make.Span(3, 1, 5, 0)], (1, 5, 10), (1, 0, 5));

    [Fact]
    public void Without_detached_children_a_root_s_sections_cover_it_without_gap_or_overlap()
    {
        var random = new Random(4711);
        for (var round = 0; round < 200; round++)
        {
            var spans = new List<Span> { Make.Span(1, 0, 1000, 1000) };
            for (var i = 2; i < 30; i++)
            {
                spans.Add(Make.Span((ulong)i, (ulong)random.Next(1, i), random.Next(800, 2200), random.Next(0, 600)));
            }
            var at = 2000L;
            foreach (var section in CriticalPath.Of(Make.Tree(spans)))
            {
                Assert.Equal(at, section.EndNs);
                Assert.True(section.StartNs < section.EndNs);
                at = section.StartNs;
            }
            Assert.Equal(1000, at);
        }
    }

    private static void Check(IReadOnlyList<Span> spans, params (int Id, int Start, int End)[] expected)
    {
        var tree = Make.Tree(spans);
        Assert.Equal(
            expected, CriticalPath.Of(tree).Select(section => ((int)tree[section.Row].Span.SpanId, (int)section.StartNs, (int)section.EndNs)));
    }
}
