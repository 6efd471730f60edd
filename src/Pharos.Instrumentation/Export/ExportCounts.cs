using System.Diagnostics.Metrics;

namespace Pharos.Instrumentation.Export;

/// <summary>What became of the spans, on <c>/metrics</c>.</summary>
internal sealed class ExportCounts
{
    private readonly Counter<long> _exported;
    private readonly Counter<long> _dropped;

    public ExportCounts(IMeterFactory factory)
    {
        var meter = factory.Create(new MeterOptions("Pharos.Instrumentation"));
        _exported = meter.CreateCounter<long>(
            "pharos_instrumentation_spans_exported_total", null, "Spans that the receiver of traces took");
        _dropped = meter.CreateCounter<long>(
            "pharos_instrumentation_spans_dropped_total", null, "Spans that were not exported, by reason");
    }

    public void Exported(int spans) => _exported.Add(spans);

    /// <param name="reason"><c>queue_full</c>, <c>rejected</c>, <c>failed</c> or <c>stopped</c>.</param>
    public void Dropped(long spans, string reason) => _dropped.Add(spans, new KeyValuePair<string, object?>("reason", reason));
}
