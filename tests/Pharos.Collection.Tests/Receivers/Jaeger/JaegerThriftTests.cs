using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Thrift;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Tests.Receivers.Thrift;
using Pharos.Collection.Tests.Receivers.Traces;
using Pharos.Storage.Traces.Batches;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Collection.Tests.Receivers.Jaeger;

/// <summary>Batches of Jaeger's clients in both protocols, as they become spans.</summary>
public sealed class JaegerThriftTests
{
    private const string Whole =
        "2.1:a<b get Server Error \"no disk\" 1000000+2000 #1 @{service.name='api' host='a1' cores=4} lib/1.0 "
        + "{sql='select' load=0.5 cached=false rows=3 raw=x00ff} !1001000 retry{attempt=2} !1002000 {level='warn'} "
        + "->7:c{opentracing.ref_type='follows_from'} ->8:b{opentracing.ref_type='child_of'}";

    [Theory]
    [InlineData(UdpProtocol.Binary)]
    [InlineData(UdpProtocol.Compact)]
    public void Everything_that_a_span_says_is_taken(UdpProtocol protocol)
    {
        var bytes = Message(protocol, static batch => batch.Field(1, Process).List(2, Everything).Field(3, 17L)
            .Field(4, static stats => stats.Field(1, 0L).Field(2, 0L).Field(3, 0L)));
        Assert.Equal([Whole], SpanText.Of(Decode(protocol, bytes)));
    }

    [Theory]
    [InlineData(UdpProtocol.Binary)]
    [InlineData(UdpProtocol.Compact)]
    public void Process_may_stand_behind_its_spans_and_unknown_fields_anywhere(UdpProtocol protocol)
    {
        var bytes = Message(protocol, static batch => batch.Field(9, "new").List(2, Everything).Field(1, Process)
            .Field(12, static more => more.Field(1, 1L).List(2, static deep => deep.Field(1, true))));
        Assert.Equal([Whole], SpanText.Of(Decode(protocol, bytes)));
    }

    [Theory]
    [InlineData(UdpProtocol.Binary)]
    [InlineData(UdpProtocol.Compact)]
    public void Every_prefix_is_refused_and_leaves_nothing(UdpProtocol protocol)
    {
        var bytes = Message(protocol, static batch => batch.Field(1, Process).List(2, Everything, Everything));
        var batch = new SpanBatch();
        var decoder = new UdpSpanDecoder(protocol, batch, TimeProvider.System);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => decoder.Decode(bytes.AsSpan(0, length)));
            Assert.Equal(0, batch.Count);
        }
        decoder.Decode(bytes);
        Assert.Equal([Whole, Whole], SpanText.Of(batch));
    }

    [Theory]
    [InlineData("00", "Required field Process is not set")]
    [InlineData("0c 0001 00 00", "Required field ServiceName is not set")]
    [InlineData("0c 0001 0b 0001 00000000 00 00", "Required field Spans is not set")]
    [InlineData("0c 0001 0b 0001 00000000 00 0f 0002 0c 00000001 00 00", "Required field TraceIdLow is not set")]
    [InlineData("0c 0001 0b 0001 00000000 00 0f 0002 0b 00000001 00000000 00", "a list of structs has elements of another type")]
    [InlineData("0c 0001 0b 0001 00000000 0f 0002 0c 00000001 0b 0001 00000000 00 00 00", "Required field VType is not set")]
    [InlineData("0c 0001 0b 0001 7fffffff", "unexpected EOF")]
    [InlineData("", "unexpected EOF")]
    [InlineData("7b7d", "unknown data type 123")]
    public void A_body_that_is_no_batch_is_refused_with_a_reason(string hex, string reason)
    {
        var receiver = new JaegerThriftReceiver(new SpanIntake(new MemoryTraceStore()));
        Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => receiver.Receive(ThriftReaderTests.Hex(hex))).Message);
    }

    [Fact]
    public void Spans_without_ids_are_left_out_and_the_others_taken()
    {
        var body = new ThriftBytes(compact: false).Struct(static batch => batch.Field(1, Process)
            .List(2, static span => Plain(span, 0, 1), static span => Plain(span, 1, 0), static span => Plain(span, 5, 6)));
        var store = new MemoryTraceStore();
        var outcome = new JaegerThriftReceiver(new SpanIntake(store)).Receive(body.ToArray());
        Assert.Equal(2, outcome.Rejected);
        Assert.Equal(
            ["5:6<0 op Unspecified 3000+1000 @{service.name='api' host='a1' cores=4} {}"],
            store.Spans(new TraceFilter(), default).Select(SpanText.Of));
    }

    [Fact]
    public void What_is_no_utf8_and_what_is_empty_gets_jaegers_names()
    {
        byte[] bad = [(byte)'a', 0xff];
        var body = new ThriftBytes(compact: false).Struct(batch => batch.Field(1, process => process.Field(1, bad)).List(2, span => Ids(span, 5, 6, 0)
            .Field(5, bad).Field(7, 0).Field(8, 3L).Field(9, -2L)
            .List(10, tag => tag.Field(1, "k").Field(2, 0).Field(3, bad), tag => tag.Field(1, bad).Field(2, 3).Field(6, 7L)))).ToArray();
        Assert.Equal(
            ["5:6<0 InvalidOperationName Unspecified 3000+0 @{service.name='InvalidServiceName'} {k=x61ff InvalidTagKey=x61ff3a37 "
                + "InvalidOperationName=x61ff InvalidServiceName=x61ff @jaeger@warnings=[\"negative duration of -2000ns was set to 0\"]}"],
            SpanText.Of(Received(body)));
        var empty = new ThriftBytes(compact: false).Struct(static batch => batch.Field(1, static process => process.Field(1, ""))
            .List(2, static span => Plain(span, 5, 6))).ToArray();
        Assert.Equal(["5:6<0 op Unspecified 3000+1000 @{service.name='empty-service-name'} {}"], SpanText.Of(Received(empty)));
    }

    /// <summary>Tag by tag: kind, status and its message, and what stays an attribute.</summary>
    [Theory]
    [InlineData("error:true", "Unspecified Error \"\"", "{}")]
    [InlineData("error:yes", "Unspecified", "{error='yes'}")]
    [InlineData("otel.status_code:ok", "Unspecified Ok \"\"", "{}")]
    [InlineData("otel.status_code:ERROR otel.status_description:why", "Unspecified Error \"why\"", "{}")]
    [InlineData("otel.status_code:OK error:true", "Unspecified Error \"\"", "{}")]
    [InlineData("otel.status_code:what", "Unspecified", "{otel.status_code='what'}")]
    [InlineData("otel.status_description:why", "Unspecified", "{otel.status_description='why'}")]
    [InlineData("span.kind:server http.status_code:404", "Server", "{http.status_code='404'}")]
    [InlineData(
        "span.kind:client http.status_code:404 http.status_message:lost", "Client Error \"lost\"", "{http.status_code='404' http.status_message='lost'}")]
    [InlineData("http.status_code:503", "Unspecified Error \"\"", "{http.status_code='503'}")]
    [InlineData("span.kind:local", "Unspecified", "{span.kind='local'}")]
    public void Tags_with_a_place_of_their_own_go_there(string tags, string head, string attributes)
    {
        var body = new ThriftBytes(compact: false).Struct(batch => batch.Field(1, static process => process.Field(1, "s"))
            .List(2, span => Plain(span, 5, 6).List(10, [.. tags.Split(' ').Select<string, Action<ThriftBytes>>(static text => tag =>
                tag.Field(1, text.Split(':')[0]).Field(2, 0).Field(3, text.Split(':')[1]))]))).ToArray();
        Assert.Equal([$"5:6<0 op {head} 3000+1000 @{{service.name='s'}} {attributes}"], SpanText.Of(Received(body)));
    }

    private static SpanBatch Received(byte[] body)
    {
        var batch = new SpanBatch();
        var reader = new ThriftBinaryReader(body);
        new JaegerThrift(new JaegerSpanWriter(batch)).ReadBatch(ref reader);
        return batch;
    }

    private static SpanBatch Decode(UdpProtocol protocol, byte[] bytes)
    {
        var batch = new SpanBatch();
        new UdpSpanDecoder(protocol, batch, TimeProvider.System).Decode(bytes);
        return batch;
    }

    private static byte[] Message(UdpProtocol protocol, Action<ThriftBytes> batch) =>
        new ThriftBytes(protocol == UdpProtocol.Compact).Message("emitBatch").Struct(arguments => arguments.Field(1, batch)).ToArray();

    private static void Process(ThriftBytes process) => process.Field(1, "api").List(
        2, static tag => tag.Field(1, "host").Field(2, 0).Field(3, "a1"), static tag => tag.Field(1, "cores").Field(2, 3).Field(6, 4L));

    private static ThriftBytes Ids(ThriftBytes span, long trace, long id, long parent) =>
        span.Field(1, trace).Field(2, 0L).Field(3, id).Field(4, parent);

    private static ThriftBytes Plain(ThriftBytes span, long trace, long id) =>
        Ids(span, trace, id, 0).Field(5, "op").Field(7, 0).Field(8, 3L).Field(9, 1L);

    private static void Everything(ThriftBytes span) => span.Field(1, 1L).Field(2, 2L).Field(3, 10L).Field(4, 11L).Field(5, "get")
        .List(6,
            static parent => parent.Field(1, 0).Field(2, 1L).Field(3, 2L).Field(4, 11L),
            static follows => follows.Field(1, 1).Field(2, 7L).Field(3, 0L).Field(4, 12L),
            static elsewhere => elsewhere.Field(1, 0).Field(2, 8L).Field(3, 0L).Field(4, 11L))
        .Field(7, 1).Field(8, 1000L).Field(9, 2L)
        .List(10,
            static tag => tag.Field(1, "sql").Field(2, 0).Field(3, "select"),
            static tag => tag.Field(1, "load").Field(2, 1).Field(4, 0.5),
            static tag => tag.Field(1, "cached").Field(2, 2).Field(5, false),
            static tag => tag.Field(1, "rows").Field(2, 3).Field(6, 3L),
            static tag => tag.Field(1, "raw").Field(2, 4).Field(7, [0, 255]),
            static tag => tag.Field(1, "span.kind").Field(2, 0).Field(3, "server"),
            static tag => tag.Field(1, "error").Field(2, 2).Field(5, true),
            static tag => tag.Field(1, "otel.status_description").Field(2, 0).Field(3, "no disk"),
            static tag => tag.Field(1, "otel.library.name").Field(2, 0).Field(3, "lib"),
            static tag => tag.Field(1, "otel.library.version").Field(2, 0).Field(3, "1.0"))
        .List(11,
            static log => log.Field(1, 1001L).List(2,
                static field => field.Field(1, "event").Field(2, 0).Field(3, "retry"), static field => field.Field(1, "attempt").Field(2, 3).Field(6, 2L)),
            static log => log.Field(1, 1002L).List(2, static field => field.Field(1, "level").Field(2, 0).Field(3, "warn")));
}
