using System.Diagnostics.Metrics;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>Counts what comes in, under Loki's names.</summary>
internal sealed class LokiIntakeMetrics(Meter meter)
{
    private readonly Counter<long> _lines = meter.CreateCounter<long>(
        "loki_distributor_lines_received_total", null, "Lines that were stored, by tenant.");

    private readonly Counter<long> _bytes = meter.CreateCounter<long>(
        "loki_distributor_bytes_received_total", null, "Bytes of lines and structured metadata that were stored, by tenant.");

    private readonly Counter<long> _metadata = meter.CreateCounter<long>(
        "loki_distributor_structured_metadata_bytes_received_total", null, "Bytes of structured metadata that were stored, by tenant.");

    private readonly Counter<long> _discarded = meter.CreateCounter<long>(
        "loki_discarded_samples_total", null, "Lines that were refused, by reason and tenant.");

    private readonly Counter<long> _discardedBytes = meter.CreateCounter<long>(
        "loki_discarded_bytes_total", null, "Bytes of lines that were refused, by reason and tenant.");

    public void Received(string tenant, int lines, long lineBytes, long metadataBytes)
    {
        var label = new KeyValuePair<string, object?>("tenant", tenant);
        _lines.Add(lines, label);
        _bytes.Add(lineBytes + metadataBytes, label);
        _metadata.Add(metadataBytes, label);
    }

    public void Discarded(string tenant, string reason, int lines, long bytes)
    {
        var label = new KeyValuePair<string, object?>("tenant", tenant);
        var why = new KeyValuePair<string, object?>("reason", reason);
        _discarded.Add(lines, why, label);
        _discardedBytes.Add(bytes, why, label);
    }
}
