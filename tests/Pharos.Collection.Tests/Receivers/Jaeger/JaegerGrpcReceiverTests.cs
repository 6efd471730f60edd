using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Collection.Tests.Receivers.Jaeger;

public sealed class JaegerGrpcReceiverTests
{
    private static readonly TraceId Id = new(0x0102030405060708, 0x090a0b0c0d0e0f10);
    private static readonly byte[] TraceBytes = Convert.FromHexString("0102030405060708090a0b0c0d0e0f10");

    [Fact]
    public void Span_of_the_model_becomes_one_of_OpenTelemetry()
    {
        var store = new MemoryTraceStore();
        Assert.Equal(SpanIntakeOutcome.Taken, Receive(store, Batch(Full())));
        var span = Assert.Single(store.Get("", Id)!.Spans);
        Assert.Equal(("GET /", SpanKind.Server, 7UL, 6UL), (span.Name, span.Kind, span.SpanId, span.ParentSpanId));
        Assert.Equal((1_700_000_000_000_000_005, 1_700_000_002_000_000_008), (span.StartNs, span.EndNs));
        Assert.Equal((SpanStatus.Error, "no", 1U), (span.Status, span.StatusMessage, span.Flags));
        Assert.Equal(
            [new SpanAttribute("service.name", AttributeValue.OfText("shop")), new SpanAttribute("pid", AttributeValue.OfInt(12))], span.Resource.Attributes);
        Assert.Equal(("lib", "1.0", "a=1"), (span.Scope.Name, span.Scope.Version, span.TraceState));
        Assert.Equal(
            [
                new SpanAttribute("text", AttributeValue.OfText("x")), new SpanAttribute("bool", AttributeValue.OfBool(true)),
                new SpanAttribute("int", AttributeValue.OfInt(-3)), new SpanAttribute("float", AttributeValue.OfDouble(1.5)),
                new SpanAttribute("bytes", AttributeValue.OfBytes([0, 255])),
                new SpanAttribute("@jaeger@warnings", AttributeValue.OfJson(AttributeKind.Array, "[\"clock\"]")),
            ],
            span.Attributes);
        var happened = Assert.Single(span.Events);
        Assert.Equal(("retry", 1_700_000_001_000_000_000), (happened.Name, happened.TimeNs));
        Assert.Equal([new SpanAttribute("attempt", AttributeValue.OfInt(2))], happened.Attributes);
        var link = Assert.Single(span.Links);
        Assert.Equal((new TraceId(0, 9), 10UL), (link.TraceId, link.SpanId));
        Assert.Equal([new SpanAttribute("opentracing.ref_type", AttributeValue.OfText("follows_from"))], link.Attributes);
    }

    [Fact]
    public void Spans_own_process_wins_over_the_batchs()
    {
        var store = new MemoryTraceStore();
        var own = Bare(8).Message(10, new ProtoMessage().Text(1, "own"));
        Receive(store, Batch(Bare(7), own, Bare(9)));
        Assert.Equal(
            [(7UL, "shop"), (8UL, "own"), (9UL, "shop")],
            store.Get("", Id)!.Spans.OrderBy(static span => span.SpanId).Select(static span => (span.SpanId, span.Resource.ServiceName)));
    }

    [Fact]
    public void Spans_without_a_process_say_so()
    {
        var store = new MemoryTraceStore();
        Receive(store, new ProtoMessage().Message(1, new ProtoMessage().Message(1, Bare(7))).ToArray());
        Assert.Equal("null-process-and-service-name", store.Get("", Id)!.Spans[0].Resource.ServiceName);
    }

    [Fact]
    public void Every_prefix_is_taken_or_refused_and_nothing_else()
    {
        var message = Batch(Full());
        for (var length = 0; length < message.Length; length++)
        {
            try
            {
                Receive(new MemoryTraceStore(), message[..length]);
            }
            catch (InvalidDataException)
            {
                // As documented.
            }
        }
        Assert.Throws<InvalidDataException>(() => Receive(new MemoryTraceStore(), message[..^1]));
    }

    [Fact]
    public void Ids_of_wrong_lengths_are_refused_and_spans_without_ids_left_out()
    {
        Assert.Throws<InvalidDataException>(() => Receive(new MemoryTraceStore(), Batch(new ProtoMessage().Bytes(1, [1, 2]))));
        var store = new MemoryTraceStore();
        var outcome = Receive(store, Batch(new ProtoMessage().Text(3, "none"), Bare(7)));
        Assert.Equal((1L, false), (outcome.Rejected, outcome.Retry));
        Assert.Single(store.Get("", Id)!.Spans);
    }

    private static SpanIntakeOutcome Receive(ITraceStore store, byte[] message) => new JaegerGrpcReceiver(new SpanIntake(store)).Receive("", message);

    private static byte[] Batch(params ProtoMessage[] spans)
    {
        var batch = new ProtoMessage();
        foreach (var span in spans)
        {
            batch.Message(1, span);
        }
        batch.Message(2, new ProtoMessage().Message(2, Tag("pid", 2, new ProtoMessage().Varint(5, 12))).Text(1, "shop"));
        return new ProtoMessage().Message(1, batch).ToArray();
    }

    private static ProtoMessage Bare(byte id) => new ProtoMessage().Bytes(1, TraceBytes).Bytes(2, [0, 0, 0, 0, 0, 0, 0, id]);

    private static ProtoMessage Tag(string key, int type, ProtoMessage value) => new ProtoMessage().Text(1, key).Varint(2, type).Append(value);

    private static ProtoMessage Text(string key, string value) => new ProtoMessage().Text(1, key).Text(3, value);

    private static ProtoMessage Full() => new ProtoMessage()
        .Message(9, new ProtoMessage().Message(2, Text("event", "retry")).Message(2, Tag("attempt", 2, new ProtoMessage().Varint(5, 2)))
            .Message(1, new ProtoMessage().Varint(1, 1_700_000_001)))
        .Message(8, Text("text", "x")).Message(8, Tag("bool", 1, new ProtoMessage().Varint(4, 1)))
        .Message(4, new ProtoMessage().Bytes(1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]).Bytes(2, [0, 0, 0, 0, 0, 0, 0, 10]).Varint(3, 1))
        .Message(8, Tag("int", 2, new ProtoMessage().Varint(5, -3))).Message(8, Tag("float", 3, new ProtoMessage().Double(6, 1.5)))
        .Message(8, Tag("bytes", 4, new ProtoMessage().Bytes(7, [0, 255]))).Message(8, Text("span.kind", "server"))
        .Message(8, Tag("error", 1, new ProtoMessage().Varint(4, 1))).Message(8, Text("otel.status_description", "no"))
        .Message(8, Text("otel.scope.name", "lib")).Message(8, Text("otel.scope.version", "1.0")).Message(8, Text("w3c.tracestate", "a=1"))
        .Message(4, new ProtoMessage().Bytes(1, TraceBytes).Bytes(2, [0, 0, 0, 0, 0, 0, 0, 6]))
        .Message(6, new ProtoMessage().Varint(1, 1_700_000_000).Varint(2, 5)).Message(7, new ProtoMessage().Varint(1, 2).Varint(2, 3))
        .Varint(5, 1).Text(12, "clock").Text(3, "GET /").Bytes(2, [0, 0, 0, 0, 0, 0, 0, 7]).Bytes(1, TraceBytes);
}
