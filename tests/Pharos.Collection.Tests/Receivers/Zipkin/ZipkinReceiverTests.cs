using System.Text;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Collection.Tests.Receivers.Traces;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Collection.Tests.Receivers.Zipkin;

/// <summary>Zipkin's second format as it becomes spans.</summary>
public sealed class ZipkinReceiverTests : IAsyncDisposable
{
    private readonly MemoryTraceStore _store = new();
    private readonly ZipkinReceiver _receiver;

    public ZipkinReceiverTests() => _receiver = new ZipkinReceiver(new SpanIntake(_store), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(9)));

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void Everything_that_a_span_says_is_taken() => Is(
        """
        [{"traceId":"5982fe77008310cc80f1da5e10147517","id":"90394f6bcffb5d13","parentId":"bd7a977555f6b982","kind":"CLIENT","name":"get",
          "timestamp":1458702548467000,"duration":386000,"shared":true,"debug":true,"new":[{}],
          "localEndpoint":{"serviceName":"backend","ipv4":"192.168.99.101","port":9000},
          "remoteEndpoint":{"serviceName":"mysql","ipv6":"2001:db8::c001","port":3306},
          "annotations":[{"timestamp":1458702548478000,"value":"waited"},{"timestamp":1458702548479000,"value":"retry|{\"n\":2,\"a|b\":\"c|d\",\"x\":1.5}|3"}],
          "tags":{"sql":"select","error":"true","otel.library.name":"lib","otel.library.version":"1","host.name":"h1","w3c.tracestate":"a=b",
                  "otlp.link.0":"0102|03|s=t|{\"k\":true}|0","otlp.link.1":"nonsense"}}]
        """,
        "5982fe77008310cc.80f1da5e10147517:90394f6bcffb5d13<bd7a977555f6b982 get Client Error \"\" 1458702548467000000+386000000 (a=b) "
            + "@{service.name='backend' host.name='h1'} lib/1 "
            + "{zipkin.debug=true net.host.ip='192.168.99.101' net.host.port=9000 peer.service='mysql' net.peer.ip='2001:db8::c001' net.peer.port=3306 "
            + "sql='select' otlp.link.1='nonsense'} "
            + "!1458702548478000000 waited{} !1458702548479000000 retry{n=2 a|b='c|d' x=1.5} ->102:3{k=true}");

    /// <summary>Kind, status and its message, and what stays an attribute.</summary>
    [Theory]
    [InlineData("\"kind\":\"SERVER\"", "", "Server", "{}")]
    [InlineData("\"kind\":\"PRODUCER\"", "", "Producer", "{}")]
    [InlineData("\"kind\":\"CONSUMER\"", "", "Consumer", "{}")]
    [InlineData("\"kind\":null", "\"span.kind\":\"internal\"", "Internal", "{}")]
    [InlineData("\"kind\":\"CLIENT\"", "\"span.kind\":\"x\"", "Client", "{span.kind='x'}")]
    [InlineData("", "\"error\":\"\"", "Unspecified Error \"\"", "{error=''}")]
    [InlineData("", "\"error\":\"no disk\"", "Unspecified Error \"no disk\"", "{error='no disk'}")]
    [InlineData("", "\"error\":\"false\"", "Unspecified", "{error='false'}")]
    [InlineData("", "\"otel.status_code\":\"ERROR\",\"error\":\"no disk\"", "Unspecified Error \"no disk\"", "{}")]
    [InlineData("", "\"otel.status_code\":\"STATUS_CODE_ERROR\",\"otel.status_description\":\"why\",\"error\":\"true\"", "Unspecified Error \"why\"", "{}")]
    [InlineData("", "\"otel.status_code\":\"OK\"", "Unspecified Ok \"\"", "{}")]
    [InlineData("", "\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"", "Unspecified", "{a='3' b='2'}")]
    public void Tags_with_a_place_of_their_own_go_there(string fields, string tags, string head, string attributes) => Is(
        $$"""[{"traceId":"1","id":"2","timestamp":1,"duration":2,{{(fields.Length > 0 ? fields + "," : "")}}"tags": { {{tags}} } }]""",
        $"1:2<0 empty-span-name {head} 1000+2000 @{{}} {attributes}");

    [Theory]
    [InlineData("\"timestamp\":null", "9000000000+0", "{otel.zipkin.absentField.startTime=true}")]
    [InlineData("\"duration\":5", "9000000000+5000", "{otel.zipkin.absentField.startTime=true}")]
    [InlineData("\"timestamp\":-4,\"annotations\":[{\"timestamp\":8,\"value\":\"b\"},{\"timestamp\":7,\"value\":\"a\"}]", "7000+0",
        "{otel.zipkin.absentField.startTime=true} !8000 b{} !7000 a{}")]
    [InlineData("\"timestamp\":3", "3000+0", "{}")]
    [InlineData("\"timestamp\":\"3\",\"duration\":1e3", "3000+1000000", "{}")]
    [InlineData("\"timestamp\":1,\"duration\":9223372036854775807", "1000+9223372036854774807", "{}")]
    public void A_time_that_is_missing_is_guessed_and_said_to_be(string fields, string times, string rest) => Is(
        $$"""[{"traceId":"1","id":"2",{{fields}} }]""", $"1:2<0 empty-span-name Unspecified {times} @{{}} {rest}");

    [Fact]
    public void Spans_of_one_process_share_its_resource_and_an_own_parent_is_none()
    {
        _receiver.ReceiveJson(Encoding.UTF8.GetBytes(
            """
            [null,{"traceId":"1","id":"2","parentId":"2","timestamp":1,"localEndpoint":{"serviceName":"a"},"tags":{"service.version":"1"}},
             {"traceId":"1","id":"3","parentId":"0000000000000000a1b2c3d4e5f60718","timestamp":1,"localEndpoint":{"serviceName":"a"},"tags":{"service.version":"1"}},
             {"traceId":"1","id":"4","timestamp":1,"localEndpoint":{"serviceName":"a"},"tags":{"service.name":"A"}},
             {"traceId":"1","id":"5","timestamp":1,"localEndpoint":null}]
            """));
        Assert.Equal(
            ["1:2<0 empty-span-name Unspecified 1000+0 @{service.name='a' service.version='1'} {}",
             "1:3<a1b2c3d4e5f60718 empty-span-name Unspecified 1000+0 @{service.name='a' service.version='1'} {}",
             "1:4<0 empty-span-name Unspecified 1000+0 @{service.name='A'} {}", "1:5<0 empty-span-name Unspecified 1000+0 @{} {}"],
            Stored());
    }

    [Theory]
    [InlineData("", "unexpected end of JSON input", true)]
    [InlineData("{}", "a list of spans belongs where an object stands", false)]
    [InlineData("[1]", "a span belongs where a number stands", false)]
    [InlineData("[{}]", "a span has no traceId", false)]
    [InlineData("""[{"traceId":"1"}]""", "a span has no id, or its id is zero", false)]
    [InlineData("""[{"traceId":"1","id":"0"}]""", "a span has no id, or its id is zero", false)]
    [InlineData("""[{"traceId":"0","id":"1"}]""", "traceId is zero", false)]
    [InlineData("""[{"traceId":"xyz","id":"1"}]""", "traceId \"xyz\" is no hexadecimal number", false)]
    [InlineData("""[{"traceId":"","id":"1"}]""", "traceId has 0 digits where 1 to 32 belong", false)]
    [InlineData("""[{"traceId":"1","id":"1","kind":"client"}]""", "kind is none of CLIENT, SERVER, PRODUCER and CONSUMER", false)]
    [InlineData("""[{"traceId":"1","id":"1","timestamp":1.5}]""", "timestamp is no whole number of microseconds", false)]
    [InlineData("""[{"traceId":"1","id":"1","tags":{"a":1}}]""", "a is no text", false)]
    [InlineData("""[{"traceId":"1","id":"1","localEndpoint":{"ipv4":"x"}}]""", "wrong ipv4", false)]
    [InlineData("""[{"traceId":"1","id":"1","localEndpoint":{"port":70000}}]""", "port is no port", false)]
    [InlineData("[] []", "", true)]
    [InlineData("""[{"traceId":"1","id":"1","name":"\ud800"}]""", "", true)]
    public void A_body_that_is_no_list_of_spans_is_refused_whole(string body, string reason, bool isSyntax)
    {
        var both = """[{"traceId":"7","id":"7"},""" + (body.StartsWith('[') ? body[1..] : body);
        var failure = Assert.Throws<InvalidDataException>(() => _receiver.ReceiveJson(Encoding.UTF8.GetBytes(body.StartsWith("[{", StringComparison.Ordinal) ? both : body)));
        Assert.True(isSyntax || failure.Message == reason, failure.Message);
        Assert.Empty(Stored());
    }

    [Fact]
    public void Protobuf_says_the_same_as_json()
    {
        // trace 16 bytes, parent, id, kind SERVER, name, timestamp, duration, endpoints, annotation, two tags, debug, shared, unknown field
        var span = Message(
            (1, Id(1, 2)), (2, Id(3)), (3, Id(4)), (4, 2), (5, "get"), (6, 5000UL), (7, 6),
            (8, Message((1, "api"), (2, new byte[] { 10, 0, 0, 1 }), (4, 80))), (9, Message((1, "db"), (3, new byte[16]))),
            (10, Message((1, 5001UL), (2, "hot"))), (11, Message((1, "a"), (2, "1"))), (11, Message((1, "a"), (2, "2"))), (12, 1), (13, 1), (20, "new"));
        _receiver.ReceiveProtobuf(Message((1, span), (1, Message((1, Id(9)), (3, Id(8)), (4, 77)))));
        Assert.Equal(
            ["1.2:4<3 get Server 5000000+6000 @{service.name='api'} {zipkin.debug=true net.host.ip='10.0.0.1' net.host.port=80 peer.service='db' net.peer.ip='::' a='2'} "
                + "!5001000 hot{}",
             "9:8<0 empty-span-name Unspecified 9000000000+0 @{} {otel.zipkin.absentField.startTime=true}"],
            Stored());
    }

    [Fact]
    public void Protobuf_with_wrong_ids_addresses_or_bytes_is_refused()
    {
        foreach (var bad in new[]
        {
            Message((1, new byte[3]), (3, Id(4))), Message((1, Id(1))), Message((1, Id(1)), (3, new byte[4])), Message((1, Id(0)), (3, Id(1))),
            Message((1, Id(1)), (3, Id(1)), (8, Message((2, new byte[3])))), Message((1, Id(1)), (3, Id(1)), (5, new byte[] { 0xff })),
        })
        {
            Assert.Throws<InvalidDataException>(() => _receiver.ReceiveProtobuf(Message((1, Message((1, Id(1)), (3, Id(1)))), (1, bad))));
        }
        Assert.Throws<InvalidDataException>(() => _receiver.ReceiveProtobuf("not protobuf"u8.ToArray()));
        Assert.Empty(Stored());
    }

    private void Is(string json, string span)
    {
        _receiver.ReceiveJson(Encoding.UTF8.GetBytes(json));
        Assert.Equal([span], Stored());
    }

    private IEnumerable<string> Stored() => _store.Spans(new TraceFilter(), default).OrderByDescending(static span => span.TraceId.High)
        .ThenBy(static span => span.SpanId < 8 ? span.SpanId : span.SpanId + 1).Select(SpanText.Of);

    private static byte[] Id(params long[] parts) => [.. parts.SelectMany(static part => BitConverter.GetBytes(part).Reverse())];

    /// <summary>A protobuf message: int as varint, ulong as fixed64, texts and bytes.</summary>
    private static byte[] Message(params (int Field, object Value)[] fields)
    {
        var message = new MemoryStream();
        foreach (var (field, value) in fields)
        {
            var type = value switch { int => 0, ulong => 1, _ => 2 };
            message.WriteByte((byte)((field << 3) | type));
            if ((field << 3) >= 0x80)
            {
                message.Position--;
                message.Write([(byte)((field << 3) | type | 0x80), (byte)(field >> 4)]);
            }
            var bytes = value switch
            {
                int number => [(byte)number],
                ulong wide => BitConverter.GetBytes(wide),
                string text => Encoding.UTF8.GetBytes(text),
                _ => (byte[])value,
            };
            if (type == 2)
            {
                Assert.InRange(bytes.Length, 0, 16_383);
                byte[] length = bytes.Length < 128 ? [(byte)bytes.Length] : [(byte)(bytes.Length | 0x80), (byte)(bytes.Length >> 7)];
                message.Write(length);
            }
            message.Write(bytes);
        }
        return message.ToArray();
    }
}
