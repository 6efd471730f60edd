using System.Buffers;
using System.Text;
using System.Text.Json;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Server.Api;
using Pharos.Server.Api.Otlp.Traces;
using Pharos.Storage.Traces;

namespace Pharos.Server.Tests.Api.Otlp;

public sealed class OtlpTraceWriterTests
{
    private static readonly SpanResource Resource = new([new("service.name", AttributeValue.OfText("shop"))], 0, "");

    private static readonly Span Full = new()
    {
        TraceId = new TraceId(0x0102030405060708, 0x090a0b0c0d0e0f10), SpanId = 0x1112131415161718, ParentSpanId = 0x21,
        Name = "GET /", Kind = SpanKind.Server, StartNs = 1_700_000_000_000_000_001, EndNs = 1_700_000_000_500_000_000,
        Status = SpanStatus.Error, StatusMessage = "no", TraceState = "a=b", Flags = 1,
        Resource = Resource, Scope = new SpanScope("lib", "1.0", [], 0, ""),
        Attributes =
        [
            new("t", AttributeValue.OfText("")), new("b", AttributeValue.OfBool(false)), new("i", AttributeValue.OfInt(-3)),
            new("d", AttributeValue.OfDouble(1.5)), new("n", AttributeValue.OfDouble(double.NaN)),
            new("y", AttributeValue.OfBytes([0xff, 0x00])), new("e", AttributeValue.Empty),
            new("a", AttributeValue.OfJson(AttributeKind.Array, "[\"x\",1,2.0,[true],null]")),
            new("m", AttributeValue.OfJson(AttributeKind.Map, "{\"k\":{\"l\":7}}")),
            new("broken", AttributeValue.OfJson(AttributeKind.Map, "{")),
        ],
        DroppedAttributes = 2,
        Events = [new SpanEvent(5, "ev", [new("x", AttributeValue.OfInt(1))], 0)],
        Links = [new SpanLink(new TraceId(0, 1), 2, "", 0, [], 0)],
        DroppedEvents = 3, DroppedLinks = 4,
    };

    private static readonly Span Bare = new() { TraceId = new TraceId(0, 1), SpanId = 2, Resource = new([], 0, ""), Scope = SpanScope.None };

    [Fact]
    public void Json_has_hexadecimal_ids_and_numbers_for_enumerations() => Assert.Equal(
        """
        [{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"scope":{"name":"lib","version":"1.0"},"spans":[
        {"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","traceState":"a=b","parentSpanId":"0000000000000021","flags":1,"name":"GET /","kind":2,
        "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"1700000000500000000","attributes":[{"key":"t","value":{"stringValue":""}},
        {"key":"b","value":{"boolValue":false}},{"key":"i","value":{"intValue":"-3"}},{"key":"d","value":{"doubleValue":1.5}},{"key":"n","value":{"doubleValue":"NaN"}},
        {"key":"y","value":{"bytesValue":"/wA="}},{"key":"e","value":{}},
        {"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"},{"intValue":"1"},{"doubleValue":2},{"arrayValue":{"values":[{"boolValue":true}]}},{}]}}},
        {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"kvlistValue":{"values":[{"key":"l","value":{"intValue":"7"}}]}}}]}}},
        {"key":"broken","value":{"stringValue":"{"}}],"droppedAttributesCount":2,
        "events":[{"timeUnixNano":"5","name":"ev","attributes":[{"key":"x","value":{"intValue":"1"}}]}],"droppedEventsCount":3,
        "links":[{"traceId":"00000000000000000000000000000001","spanId":"0000000000000002"}],"droppedLinksCount":4,"status":{"message":"no","code":2}}]}]}]
        """.Replace("\n", "", StringComparison.Ordinal), Json([Full], OtlpJsonForm.Standard));

    [Fact]
    public void Json_of_a_protobuf_library_has_base64_and_names()
    {
        var json = Json([Full], OtlpJsonForm.Protobuf);
        Assert.Contains("\"traceId\":\"AQIDBAUGBwgJCgsMDQ4PEA==\",\"spanId\":\"ERITFBUWFxg=\"", json, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"SPAN_KIND_SERVER\"", json, StringComparison.Ordinal);
        Assert.Contains("\"status\":{\"message\":\"no\",\"code\":\"STATUS_CODE_ERROR\"}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_its_default_is_left_out() => Assert.Equal(
        "[{\"resource\":{},\"scopeSpans\":[{\"scope\":{},\"spans\":[{\"traceId\":\"00000000000000000000000000000001\",\"spanId\":\"0000000000000002\",\"status\":{}}]}]}]",
        Json([Bare], OtlpJsonForm.Standard));

    [Fact]
    public void Spans_of_equal_resources_and_scopes_are_one_group()
    {
        var same = Full with { SpanId = 7, Resource = new([new("service.name", AttributeValue.OfText("shop"))], 0, ""), Scope = new("lib", "1.0", [], 0, "") };
        var other = Full with { SpanId = 8, Scope = new("lib", "2.0", [], 0, "") };
        var groups = ResourceSpans.Group([Full, other, same, Bare]);
        Assert.Equal(2, groups.Count);
        Assert.Equal([2, 1], groups[0].Scopes.Select(static scope => scope.Spans.Count));
    }

    [Fact]
    public void Protobuf_has_the_fields_of_the_specification()
    {
        var writer = new ProtobufWriter();
        OtlpTraceProtobuf.Write(writer, [Bare with { Name = "n", Kind = SpanKind.Client, StartNs = 1, Status = SpanStatus.Ok, Flags = 1 }]);
        // ResourceSpans{1 resource{}, 2 scope_spans{1 scope{}, 2 span{1 trace_id, 2 span_id, 5 name, 6 kind, 7 start, 15 status{3 code}, 16 flags}}}
        Assert.Equal(
            "0a3c" + "0a00" + "1238" + "0a00" + "1234" + "0a1000000000000000000000000000000001" + "12080000000000000002" + "2a016e" + "3003"
            + "390100000000000000" + "7a021801" + "850101000000", Convert.ToHexStringLower(writer.Written));
    }

    [Fact]
    public void Values_of_protobuf_say_their_type()
    {
        string Hex(AttributeValue value)
        {
            var writer = new ProtobufWriter();
            OtlpTraceProtobuf.Value(writer, value);
            return Convert.ToHexStringLower(writer.Written);
        }
        Assert.Equal("0a00", Hex(AttributeValue.OfText("")));
        Assert.Equal("1000", Hex(AttributeValue.OfBool(false)));
        Assert.Equal("1800", Hex(AttributeValue.OfInt(0)));
        Assert.Equal("21000000000000f83f", Hex(AttributeValue.OfDouble(1.5)));
        Assert.Equal("3a01ff", Hex(AttributeValue.OfBytes([0xff])));
        Assert.Equal("", Hex(AttributeValue.Empty));
        Assert.Equal("2a09" + "0a030a0178" + "0a021801", Hex(AttributeValue.OfJson(AttributeKind.Array, "[\"x\",1]")));
        Assert.Equal("3209" + "0a07" + "0a016b" + "12021805", Hex(AttributeValue.OfJson(AttributeKind.Map, "{\"k\":5}")));
    }

    private static string Json(IReadOnlyList<Span> spans, OtlpJsonForm form)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonStream.WriterOptions))
        {
            new OtlpTraceJson(writer, form).Write(spans);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
