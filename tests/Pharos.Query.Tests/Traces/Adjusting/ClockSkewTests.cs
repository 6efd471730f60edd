using Pharos.Query.Traces;
using Pharos.Query.Traces.Adjusting;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Adjusting;

public sealed class ClockSkewTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void A_child_on_the_same_host_stays_where_it_is()
    {
        var adjusted = Adjust(TimeSpan.FromSeconds(1), At(1, 0, 10, 100, "a"), At(2, 1, 0, 50, "a"));
        Assert.Equal([10 * Ms, 0], adjusted.Select(span => span.StartNs));
        Assert.All(adjusted, span => Assert.Null(SpanWarningList.Of(span)));
    }

    [Theory]
    // The child fits into the middle of its parent: (100 - 50) / 2 behind its start.
    [InlineData(0, 50, 35, "35ms")]
    // It lasts longer than its parent: it only must not begin before it.
    [InlineData(0, 150, 10, "10ms")]
    // It ends behind its parent: 10 + (100 - 70) / 2.
    [InlineData(50, 70, 25, "-25ms")]
    public void A_child_of_another_host_is_moved_into_its_parent(int start, int duration, int expected, string delta)
    {
        var child = At(2, 1, start, duration, "b") with { Events = [new SpanEvent((start + 5) * Ms, "e", [], 0)] };
        var adjusted = Adjust(TimeSpan.FromSeconds(1), At(1, 0, 10, 100, "a"), child)[1];
        Assert.Equal((expected * Ms, (expected + duration) * Ms), (adjusted.StartNs, adjusted.EndNs));
        Assert.Equal((expected + 5) * Ms, adjusted.Events[0].TimeNs);
        Assert.Equal([$"This span's timestamps were adjusted by {delta}"], SpanWarningList.Of(adjusted));
    }

    [Fact]
    public void What_lies_within_its_parent_or_outlasts_it_is_left_alone()
    {
        Assert.Equal(20 * Ms, Adjust(TimeSpan.FromSeconds(1), At(1, 0, 10, 100, "a"), At(2, 1, 20, 50, "b"))[1].StartNs);
        Assert.Equal(20 * Ms, Adjust(TimeSpan.FromSeconds(1), At(1, 0, 10, 100, "a"), At(2, 1, 20, 150, "b"))[1].StartNs);
    }

    [Fact]
    public void Spans_below_on_the_same_host_move_with_their_parent()
    {
        var adjusted = Adjust(TimeSpan.FromSeconds(1), At(1, 0, 10, 100, "a"), At(2, 1, 50, 70, "b"), At(3, 2, 60, 20, "b"));
        Assert.Equal([10 * Ms, 25 * Ms, 35 * Ms], adjusted.Select(span => span.StartNs));
    }

    [Fact]
    public void Too_large_a_difference_is_only_told()
    {
        var spans = new[] { At(1, 0, 10, 100, "a"), At(2, 1, 0, 50, "b") };
        var limited = Adjust(TimeSpan.FromMilliseconds(10), spans)[1];
        Assert.Equal(0, limited.StartNs);
        Assert.Equal(["max clock skew adjustment delta of 10ms exceeded; not applying calculated delta of 35ms"], SpanWarningList.Of(limited));
        var off = Adjust(TimeSpan.Zero, spans)[1];
        Assert.Equal(0, off.StartNs);
        Assert.Equal(["clock skew adjustment disabled; not applying calculated delta of 35ms"], SpanWarningList.Of(off));
    }

    [Fact]
    public void A_parent_that_is_not_there_and_an_id_that_is_there_twice_are_told()
    {
        var orphan = Adjust(TimeSpan.Zero, At(1, 99, 0, 100, "a"))[0];
        Assert.Equal(["parent span ID=0000000000000063 is not in the trace; skipping clock skew adjustment"], SpanWarningList.Of(orphan));
        var twice = Adjust(TimeSpan.Zero, At(1, 0, 0, 100, "a"), At(1, 0, 0, 200, "a"));
        Assert.Equal(["duplicate span IDs; skipping clock skew adjustment"], SpanWarningList.Of(twice[1]));
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_spans_is_walked()
    {
        var chain = Enumerable.Range(1, 100_000).Select(i => At((ulong)i, (ulong)(i - 1), 10, 100, "a")).ToList();
        chain.Add(At(100_001, 100_000, 0, 50, "b"));
        Assert.Equal(35 * Ms, TraceAdjusting.Adjust(chain, TimeSpan.FromSeconds(1))[^1].StartNs);
    }

    [Fact]
    public void A_host_is_known_by_its_id_its_first_address_or_its_name()
    {
        var parent = At(1, 0, 10, 100, "a");
        (string, AttributeValue)[] hosts =
        [
            ("host.id", AttributeValue.OfText("a")), ("host.ip", AttributeValue.OfJson(AttributeKind.Array, """["a","c"]""")),
            ("ip", AttributeValue.OfText("a")),
        ];
        foreach (var (key, value) in hosts)
        {
            var child = At(2, 1, 0, 50, "b") with { Resource = new SpanResource([new SpanAttribute(key, value)], 0, "") };
            Assert.Equal(0, Adjust(TimeSpan.FromSeconds(1), parent, child)[1].StartNs);
        }
    }

    private static IReadOnlyList<Span> Adjust(TimeSpan maxSkew, params Span[] spans) => TraceAdjusting.Adjust(spans, maxSkew);

    private static Span At(ulong id, ulong parent, int startMs, int durationMs, string host) => new()
    {
        TraceId = new TraceId(0, 1),
        SpanId = id,
        ParentSpanId = parent,
        StartNs = startMs * Ms,
        EndNs = (startMs + durationMs) * Ms,
        Resource = new SpanResource([new SpanAttribute("host.name", AttributeValue.OfText(host))], 0, ""),
    };
}
