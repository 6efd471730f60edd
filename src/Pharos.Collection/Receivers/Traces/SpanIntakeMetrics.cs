using System.Diagnostics.Metrics;

namespace Pharos.Collection.Receivers.Traces;

/// <summary>Counts what comes in by protocol, under the names of Jaeger's collector and of OpenTelemetry's.</summary>
internal sealed class SpanIntakeMetrics(Meter meter)
{
    private static readonly (string Receiver, string Transport)[] Names = NamesByProtocol();

    private readonly Counter<long> _accepted = meter.CreateCounter<long>(
        "otelcol_receiver_accepted_spans_total", null, "Spans that were taken, by receiver and transport.");

    private readonly Counter<long> _refused = meter.CreateCounter<long>(
        "otelcol_receiver_refused_spans_total", null, "Spans that were not taken, by receiver and transport.");

    private readonly Counter<long> _received = meter.CreateCounter<long>(
        "jaeger_collector_spans_received_total", null, "Spans that came in, by format and transport.");

    private readonly Counter<long> _rejected = meter.CreateCounter<long>(
        "jaeger_collector_spans_rejected_total", null, "Spans that came in and were refused, by format and transport.");

    private readonly Counter<long> _batches = meter.CreateCounter<long>(
        "jaeger_collector_batches_received_total", null, "Batches of spans that came in, by format and transport.");

    private readonly Counter<long> _truncated = meter.CreateCounter<long>(
        "pharos_traces_truncated_total", null, "What was cut off spans for a limit, by what it is.");

    private readonly Counter<long> _sanitized = meter.CreateCounter<long>(
        "pharos_traces_sanitized_total", null, "What was put right about spans, by what was wrong.");

    public void Count(SpanProtocol protocol, int accepted, int refused)
    {
        var (receiver, transport) = Names[(int)protocol];
        var by = new KeyValuePair<string, object?>("receiver", receiver);
        var format = new KeyValuePair<string, object?>("format", receiver);
        var over = new KeyValuePair<string, object?>("transport", transport);
        _batches.Add(1, format, over);
        _received.Add(accepted + refused, format, over);
        _accepted.Add(accepted, by, over);
        if (refused > 0)
        {
            _refused.Add(refused, by, over);
            _rejected.Add(refused, format, over);
        }
    }

    public void Truncated(string what, int count) => _truncated.Add(count, new KeyValuePair<string, object?>("what", what));

    public void Sanitized(string what, int count) => _sanitized.Add(count, new KeyValuePair<string, object?>("what", what));

    private static (string Receiver, string Transport)[] NamesByProtocol()
    {
        var names = new (string, string)[Enum.GetValues<SpanProtocol>().Length];
        Array.Fill(names, ("unknown", "unknown"));
        names[(int)SpanProtocol.OtlpGrpc] = ("otlp", "grpc");
        names[(int)SpanProtocol.OtlpHttp] = ("otlp", "http");
        names[(int)SpanProtocol.JaegerGrpc] = ("jaeger", "grpc");
        names[(int)SpanProtocol.JaegerHttp] = ("jaeger", "http");
        names[(int)SpanProtocol.JaegerUdp] = ("jaeger", "udp");
        names[(int)SpanProtocol.ZipkinHttp] = ("zipkin", "http");
        return names;
    }
}
