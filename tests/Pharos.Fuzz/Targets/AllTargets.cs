using Pharos.Collection.Exposition;
using Pharos.Collection.Receivers.Jaeger;
using Pharos.Collection.RemoteStorage.Writing;
using Pharos.Fuzz.Mutation;
using Pharos.Fuzz.Targets.Logs;
using Pharos.Fuzz.Targets.Traces;

namespace Pharos.Fuzz.Targets;

/// <summary>Every parser and decoder that reads what comes from outside.</summary>
internal static class AllTargets
{
    public static List<FuzzTarget> Create() =>
    [
        new ExpositionTarget("exposition-text", ExpositionFormat.PrometheusText),
        new ExpositionTarget("exposition-openmetrics", ExpositionFormat.OpenMetrics),
        new ExpositionTarget("exposition-protobuf", ExpositionFormat.PrometheusProto),
        new PromqlTarget(),
        new LogqlTarget(),
        new TraceqlTarget(),
        new RemoteWriteTarget("remote-write-v1", RemoteWriteMessage.V1),
        new RemoteWriteTarget("remote-write-v2", RemoteWriteMessage.V2),
        new RemoteReadTarget(),
        new ReadResponseTarget("read-response-samples", chunks: false),
        new ReadResponseTarget("read-response-chunks", chunks: true),
        new SnappyTarget(),
        new OtlpTarget("otlp-protobuf", InputForm.Protobuf),
        new OtlpTarget("otlp-json", InputForm.Text),
        new LogPushTarget("log-push-json", InputForm.Text),
        new LogPushTarget("log-push-protobuf", InputForm.Protobuf),
        new OtlpLogTarget("otlp-logs-json", InputForm.Text),
        new OtlpLogTarget("otlp-logs-protobuf", InputForm.Protobuf),
        new JaegerDatagramTarget("jaeger-thrift-compact", UdpProtocol.Compact),
        new JaegerDatagramTarget("jaeger-thrift-binary", UdpProtocol.Binary),
        new SpanBodyTarget("jaeger-thrift-body", InputForm.Bytes),
        new SpanBodyTarget("zipkin-json", InputForm.Text),
        new SpanBodyTarget("zipkin-protobuf", InputForm.Protobuf),
        new SpanBodyTarget("zipkin-v1-json", InputForm.Text),
        new SpanBodyTarget("zipkin-v1-thrift", InputForm.Bytes),
        new OtlpTraceTarget("otlp-traces-json", InputForm.Text),
        new OtlpTraceTarget("otlp-traces-protobuf", InputForm.Protobuf),
        new ConfigTarget("yaml-prometheus", ConfigTarget.Prometheus),
        new ConfigTarget("yaml-rules", ConfigTarget.Rules),
        new ConfigTarget("yaml-web", ConfigTarget.Web),
        new ConfigTarget("yaml-alertmanager", ConfigTarget.Alertmanager),
        new ConfigTarget("yaml-loki", ConfigTarget.Loki),
        new ConfigTarget("yaml-promtail", ConfigTarget.Promtail),
        new TemplateTarget(),
        new RegexTarget(),
        new MatcherTarget(),
        new SmallTextTarget(),
        new WalTarget(),
        new HeadRecordTarget(),
        new CheckpointGroupTarget(),
        new StoreChunkTarget(),
        new StoreBlockTarget(),
        new LogPartTarget(),
        new PrometheusChunkTarget(),
        new PrometheusIndexTarget(),
        new PrometheusLogTarget(),
    ];

    /// <exception cref="ArgumentException">There is no target of that name.</exception>
    public static IReadOnlyList<FuzzTarget> Named(string name)
    {
        var found = Create().FindAll(target => name == "all" || target.Name == name);
        return found.Count > 0 ? found : throw new ArgumentException($"There is no target {name}.", nameof(name));
    }
}
