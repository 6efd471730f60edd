using Pharos.Query.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Query.Tests.Traces;

public sealed class CallCountsTests
{
    [Fact]
    public void A_child_of_another_service_is_a_call()
    {
        Span[] spans = [Of("web", 1, 0), Of("web", 2, 1), Of("orders", 3, 2), Of("orders", 4, 2), Of("db", 5, 4), Of("db", 6, 99)];
        var trace = new Trace(new TraceId(0, 1), spans, 0);
        var counts = CallCounts.Of([trace, trace]);
        Assert.Equal(2, counts.Count);
        Assert.Equal(4, counts[("web", "orders")]);
        Assert.Equal(2, counts[("orders", "db")]);
    }

    private static Span Of(string service, ulong id, ulong parent) => new()
    {
        TraceId = new TraceId(0, 1),
        SpanId = id,
        ParentSpanId = parent,
        Resource = new SpanResource([new SpanAttribute("service.name", AttributeValue.OfText(service))], 0, ""),
    };
}
