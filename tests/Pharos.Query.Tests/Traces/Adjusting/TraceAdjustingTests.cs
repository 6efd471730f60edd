using Pharos.Query.Traces;
using Pharos.Query.Traces.Adjusting;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces.Adjusting;

public sealed class TraceAdjustingTests
{
    [Fact]
    public void A_server_that_shares_its_clients_id_becomes_its_child()
    {
        var adjusted = Adjust(
            Make(7) with { Kind = SpanKind.Client }, Make(7) with { Kind = SpanKind.Server, Name = "served" }, Make(8) with { ParentSpanId = 7 }, Make(1));
        // 1 is taken, so the server gets 2; what was below 7 lies below the server.
        Assert.Equal([(7UL, 0UL), (2UL, 7UL), (8UL, 2UL), (1UL, 0UL)], adjusted.Select(span => (span.SpanId, span.ParentSpanId)));
    }

    [Fact]
    public void Two_servers_of_one_id_without_a_client_keep_it()
    {
        var adjusted = Adjust(Make(7) with { Kind = SpanKind.Server }, Make(7) with { Kind = SpanKind.Server, Name = "other" });
        Assert.Equal([7UL, 7UL], adjusted.Select(span => span.SpanId));
    }

    [Fact]
    public void Attributes_are_sorted_by_key_and_events_by_time()
    {
        var span = Make(1) with
        {
            Attributes = Texts("b", "a"),
            Events = [new SpanEvent(20, "late", Texts("d", "c"), 0), new SpanEvent(10, "early", [], 0)],
            Links = [new SpanLink(new TraceId(0, 5), 6, "", 0, Texts("y", "x"), 0)],
            Resource = new SpanResource(Texts("service.name", "host"), 0, ""),
        };
        var adjusted = Adjust(span)[0];
        Assert.Equal(["a", "b"], Keys(adjusted.Attributes));
        Assert.Equal(["early", "late"], adjusted.Events.Select(happened => happened.Name));
        Assert.Equal(["c", "d"], Keys(adjusted.Events[1].Attributes));
        Assert.Equal(["x", "y"], Keys(adjusted.Links[0].Attributes));
        Assert.Equal(["host", "service.name"], Keys(adjusted.Resource.Attributes));
    }

    [Fact]
    public void A_span_that_came_twice_is_shown_once()
    {
        var one = Make(1) with { Attributes = Texts("b", "a") };
        var same = Make(1) with { Attributes = Texts("a", "b") };
        var other = Make(1) with { Attributes = Texts("a", "b"), Resource = new SpanResource(Texts("elsewhere"), 0, "") };
        Assert.Equal(2, Adjust(one, same, other).Count);
    }

    [Fact]
    public void Addresses_that_are_numbers_get_dots()
    {
        var span = Make(1) with
        {
            Attributes =
            [
                new("a", AttributeValue.OfInt(42)), new("ip", AttributeValue.OfInt((2 << 24) | (2 << 16) | (3 << 8) | 4)),
                new("peer.ipv4", AttributeValue.OfDouble((4 << 24) | (2 << 16) | (3 << 8) | 4)),
            ],
            Resource = new SpanResource([new("ip", AttributeValue.OfInt((1 << 24) | (2 << 16) | (3 << 8) | 4))], 0, ""),
        };
        var adjusted = Adjust(span)[0];
        Assert.Equal(["42", "2.2.3.4", "4.2.3.4"], adjusted.Attributes.Select(attribute => attribute.Value.ToString()));
        Assert.Equal("1.2.3.4", adjusted.Resource.Attributes[0].Value.Text);
    }

    [Fact]
    public void What_a_span_says_about_its_library_moves_to_its_process()
    {
        var resource = new SpanResource([new("telemetry.sdk.language", AttributeValue.OfText("go"))], 0, "");
        var first = Make(1) with
        {
            Resource = resource,
            Attributes = [new("telemetry.sdk.language", AttributeValue.OfText("python")), new("telemetry.sdk.name", AttributeValue.OfText("opentelemetry"))],
        };
        var second = Make(2) with { Resource = resource, Attributes = [new("telemetry.sdk.language", AttributeValue.OfText("go"))] };
        var adjusted = Adjust(first, second);
        Assert.Equal(["telemetry.sdk.language", SpanWarningList.Key], Keys(adjusted[0].Attributes));
        Assert.Equal(["conflicting values between Span and Resource for attribute telemetry.sdk.language"], SpanWarningList.Of(adjusted[0]));
        Assert.Empty(adjusted[1].Attributes);
        Assert.All(adjusted, span => Assert.Equal(["telemetry.sdk.language", "telemetry.sdk.name"], Keys(span.Resource.Attributes)));
    }

    [Fact]
    public void Links_to_no_trace_are_left_out()
    {
        var span = Make(1) with { Links = [new SpanLink(default, 0, "", 0, [], 0), new SpanLink(new TraceId(0, 5), 6, "", 0, [], 0)] };
        Assert.Equal(6UL, Assert.Single(Adjust(span)[0].Links).SpanId);
    }

    [Fact]
    public void Warnings_that_came_with_a_span_stay_before_new_ones()
    {
        var warned = SpanWarningList.Add(Make(1) with { ParentSpanId = 9 }, ["first", "\"second\""]);
        Assert.Equal(
            ["first", "\"second\"", "parent span ID=0000000000000009 is not in the trace; skipping clock skew adjustment"],
            SpanWarningList.Of(Adjust(warned)[0]));
    }

    private static IReadOnlyList<Span> Adjust(params Span[] spans) => TraceAdjusting.Adjust(spans, TimeSpan.Zero);

    private static Span Make(ulong id) => new() { TraceId = new TraceId(0, 1), SpanId = id, StartNs = 10, EndNs = 20 };

    private static List<SpanAttribute> Texts(params string[] keys) => [.. keys.Select(key => new SpanAttribute(key, AttributeValue.OfText("v")))];

    private static IEnumerable<string> Keys(IEnumerable<SpanAttribute> attributes) => attributes.Select(attribute => attribute.Key);
}
