using Pharos.Storage.Model;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>All that is counted of spans of one name, kind and status of one service.</summary>
internal sealed class SpanSeries
{
    private static readonly string[] Kinds =
        ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];

    private static readonly string[] Statuses = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

    private readonly SpanCounter? _jaegerCalls;
    private readonly SpanHistogram? _jaegerDuration;
    private readonly SpanCounter? _tempoCalls;
    private readonly SpanCounter? _tempoSize;
    private readonly SpanHistogram? _tempoLatency;

    public SpanSeries(ServiceName service, string name, SpanKind kind, SpanStatus status, SpanMetricsOptions options)
    {
        var builder = new LabelSetBuilder().Set("span_name", name).Set("span_kind", NameOf(kind)).Set("status_code", NameOf(status))
            .Set("tenant", service.Tenant);
        if (options.JaegerNames)
        {
            var labels = builder.Set("service_name", service.Name).Build();
            _jaegerCalls = new SpanCounter("traces_span_metrics_calls_total", labels);
            _jaegerDuration = new SpanHistogram(HistogramForm.JaegerDuration, labels, options.Exemplars);
        }
        if (options.TempoNames)
        {
            var labels = builder.Remove("service_name").Set("service", service.Name).Build();
            _tempoCalls = new SpanCounter("traces_spanmetrics_calls_total", labels);
            _tempoSize = new SpanCounter("traces_spanmetrics_size_total", labels);
            _tempoLatency = new SpanHistogram(HistogramForm.TempoLatency, labels, options.Exemplars);
        }
    }

    /// <summary>When a span of it last came.</summary>
    public long LastMs { get; private set; }

    public static string NameOf(SpanKind kind) => Kinds[(int)kind < Kinds.Length ? (int)kind : 0];

    public static string NameOf(SpanStatus status) => Statuses[(int)status < Statuses.Length ? (int)status : 0];

    public void Add(long durationNs, int sizeBytes, in ExemplarPoint exemplar)
    {
        LastMs = exemplar.TimeMs;
        if (_jaegerCalls is not null)
        {
            _jaegerCalls.Add(1);
            _jaegerDuration!.Add(durationNs / 1e6, exemplar);
        }
        if (_tempoCalls is not null)
        {
            _tempoCalls.Add(1);
            _tempoSize!.Add(sizeBytes);
            _tempoLatency!.Add(durationNs / 1e9, exemplar);
        }
    }

    public void Write(SampleWriter writer)
    {
        _jaegerCalls?.Write(writer);
        _jaegerDuration?.Write(writer);
        _tempoCalls?.Write(writer);
        _tempoSize?.Write(writer);
        _tempoLatency?.Write(writer);
    }

    public void End(SampleWriter writer)
    {
        _jaegerCalls?.End(writer);
        _jaegerDuration?.End(writer);
        _tempoCalls?.End(writer);
        _tempoSize?.End(writer);
        _tempoLatency?.End(writer);
    }
}
