using System.Text;
using Pharos.Collection.Receivers.Otlp.Traces;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Tests.Protobuf;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Memory;

namespace Pharos.Collection.Tests.Receivers.Otlp.Traces;

public sealed class OtlpTracesReceiverTests
{
    private const string TraceHex = "5b8efff798038103d269b633813fc60c";
    private const string SpanHex = "eee19b7ec3c1b174";

    private static readonly TraceId Id = new(0x5b8efff798038103, 0xd269b633813fc60c);

    /// <summary>Every field, with attributes, events and links mixed, and owners behind what they own.</summary>
    private static readonly Span Full = new()
    {
        TraceId = Id, SpanId = 0xeee19b7ec3c1b174, ParentSpanId = 0xeee19b7ec3c1b173, Name = "größe", Kind = SpanKind.Server,
        StartNs = 1_544_712_660_000_000_001, EndNs = 1_544_712_661_000_000_002, Status = SpanStatus.Error, StatusMessage = "no",
        TraceState = "a=1,b=2", Flags = 0x301,
        Resource = new SpanResource([new("service.name", AttributeValue.OfText("shop")), new("pid", AttributeValue.OfInt(-7))], 3, "https://r"),
        Scope = new SpanScope("lib", "1.2", [new("k", AttributeValue.OfBool(true))], 4, "https://s"),
        Attributes =
        [
            new("text", AttributeValue.OfText("x")), new("empty", AttributeValue.OfText("")), new("bool", AttributeValue.OfBool(false)),
            new("int", AttributeValue.OfInt(long.MinValue)), new("double", AttributeValue.OfDouble(-0.5)),
            new("nan", AttributeValue.OfDouble(double.NaN)), new("bytes", AttributeValue.OfBytes([0, 255, 1])), new("none", AttributeValue.Empty),
            new("list", AttributeValue.OfJson(AttributeKind.Array, """["x\"",1,2.0,1E+300,true,null,"AP8B",[],{}]""")),
            new("map", AttributeValue.OfJson(AttributeKind.Map, """{"k":{"l":[7]},"n":"NaN"}""")),
        ],
        DroppedAttributes = 5,
        Events =
        [
            new SpanEvent(1_544_712_660_500_000_000, "first", [new("e", AttributeValue.OfInt(1))], 6), new SpanEvent(0, "", [], 0),
        ],
        DroppedEvents = 7,
        Links =
        [
            new SpanLink(new TraceId(1, 2), 3, "c=3", 1, [new("l", AttributeValue.OfText("v"))], 8), new SpanLink(default, 0, "", 0, [], 0),
        ],
        DroppedLinks = 9,
    };

    [Fact]
    public void Protobuf_brings_every_field_whatever_their_order()
    {
        var store = new MemoryTraceStore();
        Assert.Equal(SpanIntakeOutcome.Taken, Receive(store, FullMessage().ToArray()));
        AssertSame(Full, Assert.Single(store.Get("", Id)!.Spans));
    }

    [Fact]
    public void Json_brings_every_field_whatever_their_order()
    {
        const string Json =
            """
            {"unknown":[{"a":1}],"resourceSpans":[{"schemaUrl":"https://r","scopeSpans":[{"spans":[{
              "links":[{"traceId":"00000000000000010000000000000002","spanId":"0000000000000003","attributes":[{"key":"l","value":{"stringValue":"v"}}],
                "droppedAttributesCount":8,"flags":1,"traceState":"c=3"},{}],
              "attributes":[{"value":{"stringValue":"x"},"key":"text"},{"key":"empty","value":{"stringValue":""}},{"key":"bool","value":{"boolValue":false}},
                {"key":"int","value":{"intValue":"-9223372036854775808"}},{"key":"double","value":{"doubleValue":-0.5}},{"key":"nan","value":{"doubleValue":"NaN"}},
                {"key":"bytes","value":{"bytesValue":"AP8B"}},{"key":"none"},
                {"key":"list","value":{"arrayValue":{"values":[{"stringValue":"x\""},{"intValue":1},{"doubleValue":2},{"doubleValue":1e300},{"boolValue":true},{},
                  {"bytesValue":"AP8B"},{"arrayValue":{}},{"kvlistValue":{"values":[]}}]}}},
                {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"l","value":{"arrayValue":{"values":[{"intValue":"7"}]}}}]}}},
                  {"key":"n","value":{"doubleValue":"NaN"}}]}}}],
              "events":[{"attributes":[{"key":"e","value":{"intValue":"1"}}],"droppedAttributesCount":6,"name":"first","timeUnixNano":"1544712660500000000"},{}],
              "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","parentSpanId":"EEE19B7EC3C1B173","name":"gr\u00f6\u00dfe","kind":2,
              "startTimeUnixNano":1544712660000000001,"endTimeUnixNano":"1544712661000000002","status":{"message":"no","code":2},"traceState":"a=1,b=2","flags":769,
              "droppedAttributesCount":5,"droppedEventsCount":7,"droppedLinksCount":9}],
              "scope":{"attributes":[{"key":"k","value":{"boolValue":true}}],"droppedAttributesCount":4,"version":"1.2","name":"lib"},"schemaUrl":"https://s"}],
              "resource":{"droppedAttributesCount":3,"attributes":[{"key":"service.name","value":{"stringValue":"shop"}},{"key":"pid","value":{"intValue":-7}}]}}]}
            """;
        var store = new MemoryTraceStore();
        Assert.Equal(SpanIntakeOutcome.Taken, ReceiveJson(store, Json));
        AssertSame(Full, Assert.Single(store.Get("", Id)!.Spans));
    }

    [Fact]
    public void Published_example_is_taken()
    {
        var file = Conformance.Require("otlp", "opentelemetry-proto", "examples", "trace.json");
        var store = new MemoryTraceStore();
        Assert.Equal(SpanIntakeOutcome.Taken, ReceiveJson(store, File.ReadAllText(file)));
        var span = Assert.Single(store.Get("", Id)!.Spans);
        Assert.Equal(
            ("I'm a server span", SpanKind.Server, 0xeee19b7ec3c1b174UL, 0xeee19b7ec3c1b173UL), (span.Name, span.Kind, span.SpanId, span.ParentSpanId));
        Assert.Equal((1_544_712_660_000_000_000, 1_544_712_661_000_000_000), (span.StartNs, span.EndNs));
        Assert.Equal([new SpanAttribute("my.span.attr", AttributeValue.OfText("some value"))], span.Attributes);
        Assert.Equal([new SpanAttribute("service.name", AttributeValue.OfText("my.service"))], span.Resource.Attributes);
        Assert.Equal(("my.library", "1.0.0"), (span.Scope.Name, span.Scope.Version));
        Assert.Equal([new SpanAttribute("my.scope.attribute", AttributeValue.OfText("some scope attribute"))], span.Scope.Attributes);
    }

    [Theory]
    [InlineData("", SpanHex, "", RejectedSpans.TraceId)]
    [InlineData("5b8efff798038103d269b633813fc6", SpanHex, "", RejectedSpans.TraceId)]
    [InlineData("00000000000000000000000000000000", SpanHex, "", RejectedSpans.TraceId)]
    [InlineData(TraceHex, "", "", RejectedSpans.SpanId)]
    [InlineData(TraceHex, "0000000000000000", "", RejectedSpans.SpanId)]
    [InlineData(TraceHex, "eee19b7ec3c1b174ff", "", RejectedSpans.SpanId)]
    [InlineData(TraceHex, SpanHex, "ee", RejectedSpans.ParentId)]
    public void Span_with_a_wrong_id_is_left_out_and_the_others_are_stored(string traceId, string spanId, string parentId, string reason)
    {
        var good = new ProtoMessage().Bytes(1, Convert.FromHexString(TraceHex)).Bytes(2, Convert.FromHexString(SpanHex)).Text(5, "good");
        var bad = new ProtoMessage().Bytes(1, Convert.FromHexString(traceId)).Text(5, "bad").Message(11, new ProtoMessage().Text(2, "gone"))
            .Bytes(2, Convert.FromHexString(spanId)).Bytes(4, Convert.FromHexString(parentId)).Message(9, Pair("gone", new ProtoMessage().Varint(3, 1)));
        var store = new MemoryTraceStore();
        Assert.Equal(new SpanIntakeOutcome(1, reason, false), Receive(store, Request(bad, good)));
        Assert.Equal("good", Assert.Single(store.Get("", Id)!.Spans).Name);

        var json = $$"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{traceId}}","spanId":"{{spanId}}","parentSpanId":"{{parentId}}","name":"bad","events":[{"name":"gone"}]},
            {"traceId":"{{TraceHex}}","spanId":"{{SpanHex}}","name":"good"}]}]}]}
            """;
        store = new MemoryTraceStore();
        Assert.Equal(new SpanIntakeOutcome(1, reason, false), ReceiveJson(store, json));
        Assert.Equal("good", Assert.Single(store.Get("", Id)!.Spans).Name);
    }

    [Fact]
    public void Every_prefix_of_a_message_is_taken_or_refused_and_nothing_else()
    {
        var message = FullMessage().ToArray();
        for (var length = 0; length < message.Length; length++)
        {
            var store = new MemoryTraceStore();
            try
            {
                Receive(store, message[..length]);
            }
            catch (InvalidDataException)
            {
                Assert.Null(store.Get("", Id));
            }
        }
        Assert.Throws<InvalidDataException>(() => Receive(new MemoryTraceStore(), message[..^1]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"resourceSpans\":{}}")]
    [InlineData("{\"resourceSpans\":[5]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":5}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":[]}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"x\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"droppedLinksCount\":-1}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"a\",\"value\":{\"bytesValue\":\"*\"}}]}}]}")]
    public void Json_that_is_no_request_is_refused(string json)
    {
        var error = Assert.Throws<InvalidDataException>(() => ReceiveJson(new MemoryTraceStore(), json));
        Assert.StartsWith("the body is no OTLP JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_no_utf8_are_mended()
    {
        var span = new ProtoMessage().Bytes(1, Convert.FromHexString(TraceHex)).Bytes(2, Convert.FromHexString(SpanHex)).Bytes(5, [(byte)'a', 0xff])
            .Message(9, new ProtoMessage().Bytes(1, [0xfe]).Message(2, new ProtoMessage().Bytes(1, [0xfd, (byte)'z'])));
        var store = new MemoryTraceStore();
        Assert.Equal(SpanIntakeOutcome.Taken, Receive(store, Request(span)));
        var stored = Assert.Single(store.Get("", Id)!.Spans);
        Assert.Equal("a\ufffd", stored.Name);
        Assert.Equal([new SpanAttribute("\ufffd", AttributeValue.OfText("\ufffdz"))], stored.Attributes);
    }

    [Fact]
    public void Attribute_that_is_nested_too_deep_is_refused()
    {
        var value = new ProtoMessage().Varint(3, 1);
        for (var depth = 0; depth < 32; depth++)
        {
            value = new ProtoMessage().Message(5, new ProtoMessage().Message(1, value));
        }
        var store = new MemoryTraceStore();
        Receive(store, Request(Good().Message(9, Pair("deep", value))));
        Assert.Equal(new string('[', 32) + "1" + new string(']', 32), store.Get("", Id)!.Spans[0].Attributes[0].Value.Text);
        value = new ProtoMessage().Message(5, new ProtoMessage().Message(1, value));
        Assert.Throws<InvalidDataException>(() => Receive(new MemoryTraceStore(), Request(Good().Message(9, Pair("deep", value)))));
    }

    [Fact]
    public void Request_of_millions_of_empty_attributes_is_refused()
    {
        var span = new byte[2 * 4_000_001];
        for (var i = 0; i < span.Length; i += 2)
        {
            span[i] = 9 << 3 | 2;
        }
        var message = new ProtoMessage().Message(1, new ProtoMessage().Message(2, new ProtoMessage().Bytes(2, span))).ToArray();
        Assert.Throws<InvalidDataException>(() => Receive(new MemoryTraceStore(), message));
    }

    [Fact]
    public void Decoding_allocates_nothing_per_span_or_attribute()
    {
        var spans = Enumerable.Range(0, 500).Select(_ => FullSpan()).ToArray();
        var message = Request(spans);
        var batch = new SpanBatch();
        using var decoder = new OtlpTraceProtobuf(batch);
        for (var round = 0; round < 3; round++)
        {
            batch.Clear();
            decoder.Read(message);
        }
        batch.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        decoder.Read(message);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(500, batch.Count);
        Assert.InRange(bytes, 0, 500);
    }

    private static SpanIntakeOutcome Receive(ITraceStore store, byte[] message) =>
        new OtlpTracesReceiver(new SpanIntake(store)).ReceiveProtobuf("", message);

    private static SpanIntakeOutcome ReceiveJson(ITraceStore store, string json) =>
        new OtlpTracesReceiver(new SpanIntake(store)).ReceiveJson("", Encoding.UTF8.GetBytes(json));

    private static void AssertSame(Span expected, Span actual)
    {
        Assert.Equal(expected.Attributes, actual.Attributes);
        Assert.Equal(expected.Resource.Attributes, actual.Resource.Attributes);
        Assert.True(SpanEquality.Same(expected, actual), actual.ToString());
    }

    private static ProtoMessage Good() => new ProtoMessage().Bytes(1, Convert.FromHexString(TraceHex)).Bytes(2, Convert.FromHexString(SpanHex));

    private static byte[] Request(params ProtoMessage[] spans)
    {
        var scope = new ProtoMessage();
        foreach (var span in spans)
        {
            scope.Message(2, span);
        }
        return new ProtoMessage().Message(1, new ProtoMessage().Message(2, scope)).ToArray();
    }

    private static ProtoMessage Pair(string key, ProtoMessage value) => new ProtoMessage().Text(1, key).Message(2, value);

    private static ProtoMessage FullMessage()
    {
        var scope = new ProtoMessage().Text(1, "lib").Message(3, Pair("k", new ProtoMessage().Varint(2, 1))).Varint(4, 4).Text(2, "1.2");
        var resource = new ProtoMessage().Varint(2, 3).Message(1, Pair("service.name", new ProtoMessage().Text(1, "shop")))
            .Message(1, Pair("pid", new ProtoMessage().Varint(3, -7)));
        return new ProtoMessage().Varint(99, 1).Message(1, new ProtoMessage()
            .Message(2, new ProtoMessage().Message(2, FullSpan()).Text(3, "https://s").Message(1, scope))
            .Text(3, "https://r").Message(1, resource));
    }

    private static ProtoMessage FullSpan()
    {
        var list = new ProtoMessage().Message(1, new ProtoMessage().Text(1, "x\"")).Message(1, new ProtoMessage().Varint(3, 1))
            .Message(1, new ProtoMessage().Double(4, 2)).Message(1, new ProtoMessage().Double(4, 1e300)).Message(1, new ProtoMessage().Varint(2, 1))
            .Message(1, new ProtoMessage()).Message(1, new ProtoMessage().Bytes(7, [0, 255, 1])).Message(1, new ProtoMessage().Message(5, new ProtoMessage()))
            .Message(1, new ProtoMessage().Message(6, new ProtoMessage()));
        var inner = new ProtoMessage().Message(1, Pair("l", new ProtoMessage().Message(5, new ProtoMessage().Message(1, new ProtoMessage().Varint(3, 7)))));
        var map = new ProtoMessage().Message(1, Pair("k", new ProtoMessage().Message(6, inner)))
            .Message(1, Pair("n", new ProtoMessage().Double(4, double.NaN)));
        return new ProtoMessage()
            .Varint(14, 9).Fixed32(16, 0x301).Text(3, "a=1,b=2")
            .Message(13, new ProtoMessage().Message(4, Pair("l", new ProtoMessage().Text(1, "v"))).Fixed32(6, 1).Bytes(2, [0, 0, 0, 0, 0, 0, 0, 3])
                .Text(3, "c=3").Varint(5, 8).Bytes(1, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]))
            .Message(9, new ProtoMessage().Message(2, new ProtoMessage().Text(1, "x")).Text(1, "text"))
            .Message(9, Pair("empty", new ProtoMessage().Text(1, "")))
            .Message(11, new ProtoMessage().Message(3, Pair("e", new ProtoMessage().Varint(3, 1))).Text(2, "first").Varint(4, 6)
                .Fixed64(1, 1_544_712_660_500_000_000))
            .Message(9, Pair("bool", new ProtoMessage().Varint(2, 0))).Message(9, Pair("int", new ProtoMessage().Varint(3, long.MinValue)))
            .Message(9, Pair("double", new ProtoMessage().Text(1, "not the last").Double(4, -0.5)))
            .Message(9, Pair("nan", new ProtoMessage().Double(4, double.NaN))).Message(9, Pair("bytes", new ProtoMessage().Bytes(7, [0, 255, 1])))
            .Message(9, new ProtoMessage().Text(1, "none")).Message(13, new ProtoMessage()).Message(11, new ProtoMessage())
            .Message(9, Pair("list", new ProtoMessage().Message(5, list))).Message(9, Pair("map", new ProtoMessage().Message(6, map)))
            .Varint(12, 7).Varint(10, 5).Message(15, new ProtoMessage().Text(2, "no").Varint(3, 2)).Text(5, "größe").Varint(6, 2)
            .Fixed64(7, 1_544_712_660_000_000_001).Fixed64(8, 1_544_712_661_000_000_002)
            .Bytes(4, Convert.FromHexString("eee19b7ec3c1b173")).Bytes(2, Convert.FromHexString(SpanHex)).Bytes(1, Convert.FromHexString(TraceHex));
    }
}
