using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Traces.Dependencies;
using Pharos.Collection.Receivers.Traces.Metrics;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Dependencies;

namespace Pharos.Collection.Tests.Receivers.Traces.Dependencies;

public sealed class DependencyTrackerTests : IDisposable
{
    private const long Now = 1_700_000_000_000;

    private readonly ServiceNames _names = new(100);
    private readonly DependencyStore _store = DependencyStore.Open(null, DependencyLimits.Default, TimeProvider.System, NullLogger.Instance);

    public void Dispose() => _store.Dispose();

    /// <summary>Whatever the order in which they come: a random tree of spans against what Jaeger does, which walks whole traces.</summary>
    [Fact]
    public void Spans_in_any_order_are_counted_as_jaeger_counts_whole_traces()
    {
        var random = new Random(7);
        var expected = new Dictionary<string, long>(StringComparer.Ordinal);
        var spans = new List<(string Service, Span Span)>();
        for (var trace = 1UL; trace <= 200; trace++)
        {
            var services = new Dictionary<ulong, string>();
            for (var id = 1UL; id <= 20; id++)
            {
                var parent = id == 1 ? 0 : (ulong)random.Next(1, (int)id);
                services[id] = $"service {random.Next(5)}";
                spans.Add((services[id], Some.Span(trace, id, "x") with { ParentSpanId = parent, StartNs = Now * 1_000_000 }));
                if (parent != 0 && services[parent] != services[id])
                {
                    var edge = $"{services[parent]} -> {services[id]}";
                    expected[edge] = expected.GetValueOrDefault(edge) + 1;
                }
            }
        }
        var tracker = Tracker(SpanMetricsOptions.Default);
        foreach (var (service, span) in spans.OrderBy(_ => random.Next()))
        {
            Add(tracker, service, span, Now);
        }
        Assert.Equal(expected.OrderBy(edge => edge.Key, StringComparer.Ordinal).Select(edge => $"{edge.Key}: {edge.Value}"), Edges());
    }

    [Theory]
    [InlineData("csp")]
    [InlineData("cps")]
    [InlineData("scp")]
    [InlineData("spc")]
    [InlineData("pcs")]
    [InlineData("psc")]
    public void Clients_and_servers_that_share_an_id_are_one_call(string order)
    {
        var tracker = Tracker(SpanMetricsOptions.Default);
        foreach (var which in order)
        {
            switch (which)
            {
                case 'p':
                    Add(tracker, "web", Some.Span(1, 1, "p"), Now);
                    break;
                case 'c':
                    Add(tracker, "web", Some.Span(1, 2, "c") with { ParentSpanId = 1, Kind = SpanKind.Client }, Now);
                    break;
                default:
                    Add(tracker, "orders", Some.Span(1, 2, "s") with { ParentSpanId = 1, Kind = SpanKind.Server }, Now);
                    break;
            }
        }
        Add(tracker, "db", Some.Span(1, 3, "child of the server") with { ParentSpanId = 2 }, Now);
        Assert.Contains("web -> orders: 1", Edges());
        if (order is "csp" or "cps" or "pcs")
        {
            Assert.Contains("orders -> db: 1", Edges());
        }
    }

    [Fact]
    public void A_span_that_comes_again_counts_once()
    {
        var tracker = Tracker(SpanMetricsOptions.Default);
        for (var i = 0; i < 3; i++)
        {
            Add(tracker, "web", Some.Span(1, 1, "a"), Now);
            Add(tracker, "orders", Some.Span(1, 2, "b") with { ParentSpanId = 1 }, Now);
        }
        Assert.Equal(["web -> orders: 1"], Edges());
    }

    [Fact]
    public void A_child_waits_a_minute_and_not_for_ever()
    {
        var tracker = Tracker(SpanMetricsOptions.Default);
        Add(tracker, "orders", Some.Span(1, 2, "b") with { ParentSpanId = 1 }, Now);
        Add(tracker, "orders", Some.Span(2, 2, "b") with { ParentSpanId = 1 }, Now);
        Add(tracker, "web", Some.Span(1, 1, "a"), Now + 60_000);
        Assert.Equal(["web -> orders: 1"], Edges());
        Add(tracker, "web", Some.Span(9, 9, "x"), Now + 120_000);
        Add(tracker, "web", Some.Span(2, 1, "a"), Now + 120_000);
        Assert.Equal(["web -> orders: 1"], Edges());
    }

    [Fact]
    public void No_more_spans_are_remembered_than_may_be()
    {
        var tracker = Tracker(SpanMetricsOptions.Default with { MaxRemembered = 100 });
        for (var i = 1UL; i < 10_000; i++)
        {
            Add(tracker, "web", Some.Span(i, 1, "a") with { ParentSpanId = 7 }, Now);
            Assert.InRange(tracker.RememberedCount, 1, 202);
        }
        Assert.InRange(tracker.EndedEarly, 100, 250);
    }

    private DependencyTracker Tracker(SpanMetricsOptions options) => new(_store, _names, options);

    private void Add(DependencyTracker tracker, string service, Span span, long nowMs) =>
        tracker.Add(Some.Batch(service, span)[0], _names.Of("", System.Text.Encoding.UTF8.GetBytes(service)), nowMs);

    private IEnumerable<string> Edges() => _store.Read("", 0, Now).Select(edge => $"{edge.Parent} -> {edge.Child}: {edge.CallCount}");
}
