using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.Receivers.Traces;
using Pharos.Collection.Receivers.Zipkin;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Traces.Memory;
using Pharos.Storage.Traces.Search;

namespace Pharos.Fuzz.Targets.Traces;

/// <summary>Bodies that Jaeger's and Zipkin's clients send over HTTP: stored whole, or not at all.</summary>
internal sealed class SpanBodyTarget(string name, InputForm form) : FuzzTarget
{
    public override string Name => name;

    public override InputForm Form => form;

    public override IReadOnlyList<string> Tokens =>
    [
        "{", "}", "[", "]", "},{", ":", ",", "\"", "null", "true", "1e3", "-1", "\"traceId\":\"1\"", "\"id\":\"2\"", "\"parentId\":\"", "\"kind\":\"CLIENT\"",
        "\"timestamp\":", "9223372036854775807", "\"duration\":", "\"localEndpoint\":{", "\"remoteEndpoint\":{", "\"serviceName\":\"", "\"ipv4\":\"10.0.0.1\"",
        "\"ipv6\":\"::1\"", "\"port\":80", "\"annotations\":[", "\"value\":\"", "\"tags\":{", "\"error\":\"\"", "\"otel.status_code\":\"ERROR\"",
        "\"otlp.link.0\":\"01|02|s|{}|0\"", "e|{\\\"a\\\":1}|0", "\"binaryAnnotations\":[", "\"key\":\"sa\"", "\"type\":\"I16\"", "\"endpoint\":{", "\"cs\"", "\"sr\"",
        "\\ud800", "\\u0000",
    ];

    public override string Run(byte[] input)
    {
        var store = new MemoryTraceStore();
        using var watch = store.Watch(SpanShape.Check);
        var intake = new SpanIntake(store);
        var zipkin = new ZipkinReceiver(intake, TimeProvider.System);
        try
        {
            _ = name switch
            {
                "jaeger-thrift-body" => new JaegerThriftReceiver(intake).Receive(input),
                "zipkin-json" => zipkin.ReceiveJson(input),
                "zipkin-protobuf" => zipkin.ReceiveProtobuf(input),
                "zipkin-v1-json" => zipkin.ReceiveV1Json(input),
                _ => zipkin.ReceiveV1Thrift(input),
            };
            return SpanShape.Of(store.Spans(new TraceFilter(), CancellationToken.None));
        }
        catch (InvalidDataException bad)
        {
            return store.Spans(new TraceFilter(), CancellationToken.None).Any()
                ? throw new BrokenPromiseException("spans of a refused body are stored")
                : Shape.Of(bad.Message);
        }
    }
}
