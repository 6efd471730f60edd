using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Receivers.Traces.Sampling;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Collection.Tests.Receivers.Traces.Sampling;

public sealed class TailSamplerTests : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private readonly Meter _meter = new("test");
    private readonly MemoryTraceStore _store = new();
    private readonly FakeTimeProvider _time = new(Start);

    public void Dispose() => _meter.Dispose();

    [Theory]
    [InlineData("errors", 1, SpanStatus.Error, true, "errors")]
    [InlineData("errors", 10_000, SpanStatus.Ok, false, "none")]
    [InlineData("slow=500ms", 500, SpanStatus.Unset, true, "slow")]
    [InlineData("slow=500ms", 499, SpanStatus.Unset, false, "none")]
    [InlineData("errors,slow=1s", 1_000, SpanStatus.Unset, true, "slow")]
    [InlineData("share=0%", 1, SpanStatus.Unset, false, "none")]
    [InlineData("share=100%", 1, SpanStatus.Unset, true, "share")]
    [InlineData("rate=2", 1, SpanStatus.Unset, true, "rate")]
    [InlineData("rate=1", 1, SpanStatus.Unset, false, "none")]
    public void A_decision_says_which_policy_keeps(string options, int milliseconds, SpanStatus status, bool keep, string reason)
    {
        var read = TailSamplingOptions.Parse(options, out _)!;
        Assert.Equal(new TailDecision(keep, reason), TailDecision.Of(
            read, [Span(1, 1), Span(1, 2) with { EndNs = milliseconds * 1_000_000L, Status = status }], read.SpansPerSecond ?? 0));
    }

    [Fact]
    public void A_share_is_that_share_of_ids_and_the_same_everywhere()
    {
        var random = new Random(3);
        var options = new TailSamplingOptions { Share = 0.25 };
        var ids = Enumerable.Range(0, 10_000).Select(_ => new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64())).ToArray();
        var kept = ids.Where(id => TailDecision.Of(options, [Span(1, 1) with { TraceId = id }], 0).Keep).ToArray();
        Assert.InRange(kept.Length, 2_300, 2_700);
        Assert.All(kept, id => Assert.True(TailDecision.Of(new TailSamplingOptions { Share = 0.26 }, [Span(1, 1) with { TraceId = id }], 0).Keep));
    }

    [Fact]
    public void A_trace_waits_and_is_stored_whole_with_what_comes_later()
    {
        using var sampler = Sampler("errors,wait=10s");
        sampler.Add(Some.Batch("web", Span(1, 1), Span(2, 1)));
        _time.Step(Start.AddSeconds(9));
        sampler.Add(Some.Batch("orders", Span(1, 2) with { Status = SpanStatus.Error }));
        sampler.Decide();
        Assert.Null(_store.Get("", new TraceId(0, 1)));
        Pass(10);
        sampler.Decide();
        Assert.Equal(["web", "orders"], _store.Get("", new TraceId(0, 1))!.Spans.OrderBy(span => span.SpanId).Select(span => span.Resource.ServiceName));
        Assert.Null(_store.Get("", new TraceId(0, 2)));
        sampler.Add(Some.Batch("late", Span(1, 3), Span(2, 3)));
        Assert.Equal(3, _store.Get("", new TraceId(0, 1))!.Spans.Count);
        Assert.Null(_store.Get("", new TraceId(0, 2)));
    }

    [Fact]
    public void A_span_comes_through_unchanged()
    {
        using (var sampler = Sampler("share=100%"))
        {
            var batch = Some.Batch("web", Span(1, 1) with { Kind = SpanKind.Client, ParentSpanId = 9, DroppedAttributes = 2 });
            batch.AddAttribute("a", AttributeValue.OfInt(1));
            batch.BeginEvent(7, "happened"u8);
            batch.AddAttribute("b", AttributeValue.OfBool(true));
            batch.BeginLink(new TraceId(3, 4), 5, "x=y"u8, 1);
            sampler.Add(batch);
            _store.Append(Direct(batch));
        }
        Assert.True(SpanEquality.Same(
            _store.Get("", new TraceId(0, 1))!.Spans.Single(), _store.Get("direct", new TraceId(0, 1))!.Spans.Single()));

        static Storage.Traces.Batches.SpanBatch Direct(Storage.Traces.Batches.SpanBatch batch)
        {
            batch.Tenant = "direct";
            return batch;
        }
    }

    [Fact]
    public void No_more_traces_wait_than_may_and_the_rate_holds_for_a_second()
    {
        using var sampler = Sampler("rate=2,traces=3");
        for (var i = 1UL; i <= 10; i++)
        {
            sampler.Add(Some.Batch("web", Span(i, 1)));
        }
        // Seven had to be decided on at once, of which two were within the rate.
        Assert.Equal(2, _store.Status().HeadSpans);
    }

    [Theory]
    [InlineData("", "nothing would be kept: name at least one of errors, slow, share and rate")]
    [InlineData("wait=5s", "nothing would be kept: name at least one of errors, slow, share and rate")]
    [InlineData("errors,slow", "\"slow\" is none of errors, slow=500ms, share=10%, rate=100 (spans a second), wait=10s, traces=50000")]
    [InlineData("share=101%", "\"share=101%\" is none of errors, slow=500ms, share=10%, rate=100 (spans a second), wait=10s, traces=50000")]
    public void What_makes_no_policy_is_refused(string text, string error)
    {
        Assert.Null(TailSamplingOptions.Parse(text, out var found));
        Assert.Equal(error, found);
    }

    private TailSampler Sampler(string options) => new(_store, TailSamplingOptions.Parse(options, out _)!, _time, NullLogger.Instance, _meter);

    private static Span Span(ulong trace, ulong id) => Some.Span(trace, id, "name") with { EndNs = 1 };

    private void Pass(int seconds)
    {
        while (_time.Step(Start.AddSeconds(seconds)))
        {
        }
    }
}
