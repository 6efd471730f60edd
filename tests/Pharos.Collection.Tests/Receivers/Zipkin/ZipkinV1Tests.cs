using System.Text;
using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Collection.Tests.Receivers.Thrift;
using Pharos.Collection.Tests.Receivers.Traces;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Collection.Tests.Receivers.Zipkin;

/// <summary>Zipkin's first format, JSON and Thrift, as it becomes spans.</summary>
public sealed class ZipkinV1Tests : IAsyncDisposable
{
    private readonly MemoryTraceStore _store = new();
    private readonly ZipkinReceiver _receiver;

    public ZipkinV1Tests() => _receiver = new ZipkinReceiver(new SpanIntake(_store), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(9)));

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void A_clients_span_in_json() => Json(
        """
        [{"traceId":"48485a3953bb61246b221d5bc9e6496c","id":"b","parentId":"a","name":"get","timestamp":1000,"duration":50,"debug":true,
          "annotations":[{"timestamp":1000,"value":"cs","endpoint":{"serviceName":"web","ipv4":"10.0.0.1"}},{"timestamp":1050,"value":"cr"},
                         {"timestamp":1010,"value":"waited"},{"timestamp":1020,"value":"{\"event\":\"retry\",\"why\":\"lock\"}"},{"timestamp":1,"value":""}],
          "binaryAnnotations":[{"key":"sa","value":true,"endpoint":{"serviceName":"db","ipv4":"10.0.0.2","ipv6":"2001:db8::1","port":65000}},
             {"key":"lc","value":"jdbc"},{"key":"rows","value":3,"type":"I32"},{"key":"wide","value":"9007199254740993","type":"I64"},
             {"key":"raw","value":"AP8=","type":"BYTES"},{"key":"load","value":2,"type":"DOUBLE"},{"key":"hot","value":"true","type":"BOOL"},
             {"key":"sql","value":"select"},{"key":"jaegerClient","value":"Go-1.1"},{"key":"jaeger.hostname","value":"h1"}]}]
        """,
        "48485a3953bb6124.6b221d5bc9e6496c:b<a get Client 1000000+50000 #2 @{service.name='web' jaeger.version='Go-1.1' hostname='h1' ip=167772161} "
            + "{peer.service='db' peer.ipv4=167772162 peer.ipv6=x20010db8000000000000000000000001 peer.port=65000 component='jdbc' rows=3 "
            + "wide=9007199254740993 raw=x00ff load=2.0 hot=true sql='select'} !1010000 waited{} !1020000 retry{why='lock'}");

    [Fact]
    public void A_span_that_both_sides_wrote_becomes_two() => Json(
        """
        [{"traceId":"1","id":"2","parentId":"3","name":"rpc","timestamp":1000,"duration":40,
          "annotations":[{"timestamp":1000,"value":"cs","endpoint":{"serviceName":"web"}},{"timestamp":1010,"value":"sr"},
                         {"timestamp":1030,"value":"ss"},{"timestamp":1040,"value":"cr"}]}]
        """,
        "1:2<3 rpc Client 1000000+40000 @{service.name='web'} {}", "1:2<3 rpc Server 1010000+20000 @{service.name='web'} {}");

    [Theory]
    [InlineData("cs", "cr", "Client", "5000+20000")]
    [InlineData("sr", "ss", "Server", "5000+20000")]
    [InlineData("sr", "other", "Server", "5000+0")]
    [InlineData("ms", "mr", "Producer", "9000000000+0")]
    public void Annotations_tell_times_that_are_missing(string begin, string end, string kind, string times)
    {
        var absent = kind == "Producer" ? "{otel.zipkin.absentField.startTime=true}" : "{}";
        var rest = end == "other" ? " !25000 other{}" : "";
        Json(
            $$"""[{"traceId":"1","id":"2","name":"x","annotations":[{"timestamp":5,"value":"{{begin}}","endpoint":{"serviceName":"s"} },{"timestamp":25,"value":"{{end}}"}]}]""",
            $"1:2<0 x {kind} {times} @{{service.name='s'}} {absent}{rest}");
    }

    [Theory]
    [InlineData("""{"key":"lc","value":"c","endpoint":{"serviceName":"local"}},{"key":"k","value":"v","endpoint":{"serviceName":"any"}}""", "local", "component='c' k='v'")]
    [InlineData("""{"key":"k","value":"v","endpoint":{"serviceName":"any"}}""", "any", "k='v'")]
    [InlineData("""{"key":"k","value":"v"}""", "unknown-service-name", "k='v'")]
    public void The_service_is_that_of_the_best_host(string tags, string service, string attributes) => Json(
        $$"""[{"traceId":"1","id":"2","timestamp":1,"binaryAnnotations":[{{tags}}]}]""",
        $"1:2<0 empty-span-name Unspecified 1000+0 @{{service.name='{service}'}} {{{attributes}}}");

    [Theory]
    [InlineData("""[{"traceId":"1"}]""", "a span lacks its trace id or its id")]
    [InlineData("""[{"traceId":"1","id":"2","binaryAnnotations":[{"key":"a","value":{}}]}]""", "the value of a binary annotation is neither a text nor a number nor a boolean")]
    [InlineData("""[{"traceId":"1","id":"2","binaryAnnotations":[{"key":"a","value":"x","type":"I16"}]}]""", "the value of the binary annotation \"a\" is no I16")]
    [InlineData("""[{"traceId":"1","id":"2","binaryAnnotations":[{"key":"a","value":"%","type":"BYTES"}]}]""", "the value of the binary annotation \"a\" is no BYTES")]
    [InlineData("""[{"traceId":"1","id":"2","annotations":[7]}]""", "an annotation belongs where a number stands")]
    public void A_body_that_is_no_list_of_spans_is_refused_whole(string body, string reason)
    {
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => _receiver.ReceiveV1Json(Encoding.UTF8.GetBytes(body))).Message);
        Assert.Empty(_store.Spans(new TraceFilter(), default));
    }

    [Fact]
    public void Thrift_says_the_same_and_types_its_values()
    {
        var body = new ThriftBytes(compact: false).ListOfStructs(
            static span => span.Field(1, 1L).Field(3, "get").Field(4, 2L).Field(5, 3L).Field(10, 1000L).Field(11, 50L).Field(12, 7L).Field(9, true)
                .List(6,
                    static a => a.Field(1, 1000L).Field(2, "sr").Field(3, static host => host.Field(1, 0x0a000001).Field(2, (short)80).Field(3, "api")),
                    static a => a.Field(1, 1001L).Field(2, "hot"))
                .List(8,
                    static b => Tag(b, "ca", 0, [1]).Field(4, static host => host.Field(1, -1).Field(2, (short)-1).Field(3, "web").Field(4, [1, 2])),
                    static b => Tag(b, "bool", 0, [1]), static b => Tag(b, "bytes", 1, [1, 255]), static b => Tag(b, "i16", 2, [0xff, 0xfe]),
                    static b => Tag(b, "i32", 3, [0, 0, 1, 0]), static b => Tag(b, "i64", 4, [0, 0, 0, 0, 0, 0, 1, 0]),
                    static b => Tag(b, "double", 5, [0x40, 4, 0, 0, 0, 0, 0, 0]), static b => Tag(b, "text", 6, [(byte)'x']),
                    static b => Tag(b, "short", 3, [1]), static b => Tag(b, "empty", 4, []), static b => Tag(b, "odd", 9, [1])));
        _receiver.ReceiveV1Thrift(body.ToArray());
        Assert.Equal(
            ["7.1:2<3 get Server 1000000+50000 #2 @{service.name='api' ip=167772161} "
                + "{peer.service='web' peer.ipv4=4294967295 peer.ipv6=x0102 peer.port=65535 bool=true bytes=x01ff i16=-2 i32=256 i64=256 double=2.5 text='x' "
                + "short='Cannot parse Zipkin value AQ==: unexpected EOF' empty='Cannot parse Zipkin value : EOF' "
                + "odd='Cannot parse Zipkin value AQ==: unknown zipkin annotation type: 9'} !1001000 hot{}"],
            _store.Spans(new TraceFilter(), default).Select(SpanText.Of));
    }

    [Fact]
    public void Thrift_that_is_no_list_of_spans_is_refused_whole()
    {
        var good = new ThriftBytes(compact: false).ListOfStructs(
            static span => span.Field(1, 1L).Field(4, 2L), static span => span.Field(1, 1L).Field(4, 3L)).ToArray();
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => _receiver.ReceiveV1Thrift(good.AsMemory(0, length)));
        }
        Assert.Throws<InvalidDataException>(() => _receiver.ReceiveV1Thrift(new ThriftBytes(compact: false).ListOfStructs(static _ => { }).ToArray()));
        Assert.Throws<InvalidDataException>(() => _receiver.ReceiveV1Thrift(
            new ThriftBytes(compact: false).ListHead(ThriftType.I64, 1).I64(4).ToArray()));
        Assert.Empty(_store.Spans(new TraceFilter(), default));
        _receiver.ReceiveV1Thrift(good);
        Assert.Equal(2, _store.Spans(new TraceFilter(), default).Count());
    }

    private static ThriftBytes Tag(ThriftBytes tag, string key, int type, byte[] value) => tag.Field(1, key).Field(2, value).Field(3, type);

    private void Json(string json, params string[] spans)
    {
        _receiver.ReceiveV1Json(Encoding.UTF8.GetBytes(json));
        Assert.Equal(spans, _store.Spans(new TraceFilter(), default).OrderBy(static span => span.StartNs).Select(SpanText.Of));
    }
}
