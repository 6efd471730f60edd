using System.Diagnostics.Metrics;

namespace Pharos.Storage.Traces;

/// <summary>What the store counts of itself.</summary>
internal sealed class TraceStoreInstruments(Meter meter)
{
    public Counter<long> Spans { get; } = meter.CreateCounter<long>("pharos_trace_spans_appended_total", null,
        "Spans that were stored, those that came again included.");

    public Counter<long> BlocksStored { get; } = meter.CreateCounter<long>("pharos_trace_blocks_sealed_total", null, "Blocks sealed from memory.");

    public Counter<long> BytesStored { get; } = meter.CreateCounter<long>("pharos_trace_blocks_sealed_bytes_total", null,
        "Bytes of blocks sealed from memory.");

    public Counter<long> WalFailures { get; } = meter.CreateCounter<long>("pharos_trace_wal_failures_total", null, "Appends and syncs that the disk refused.");

    public Counter<long> WalBytes { get; } = meter.CreateCounter<long>("pharos_trace_wal_written_bytes_total", null, "Bytes written to the log.");

    public Counter<long> WalRecords { get; } = meter.CreateCounter<long>("pharos_trace_wal_records_total", null, "Records written to the log.");

    public Counter<long> WalCorruptions { get; } = meter.CreateCounter<long>("pharos_trace_wal_corruptions_total", null, "Damaged places found in the log.");

    public Counter<long> TornTails { get; } = meter.CreateCounter<long>("pharos_trace_wal_torn_tails_total", null,
        "Logs that ended in the middle of a record.");

    public Counter<long> SealFailures { get; } = meter.CreateCounter<long>("pharos_trace_seal_failures_total", null,
        "Times that spans could not be written to blocks; they stay in memory and in the log.");

    public Counter<long> Merges { get; } = meter.CreateCounter<long>("pharos_trace_merges_total", null, "Blocks written from others.");

    public Counter<long> PagesCopied { get; } = meter.CreateCounter<long>("pharos_trace_merged_pages_copied_total", null,
        "Pages that merges took over without unpacking their spans.");

    public Counter<long> PagesBuilt { get; } = meter.CreateCounter<long>("pharos_trace_merged_pages_built_total", null,
        "Pages that merges packed from spans.");

    public Counter<long> MergeFailures { get; } = meter.CreateCounter<long>("pharos_trace_merge_failures_total", null, "Merges that failed.");

    public Counter<long> TimeRetentions { get; } = meter.CreateCounter<long>("pharos_trace_time_retentions_total", null,
        "Blocks removed because of their age.");

    public Counter<long> SizeRetentions { get; } = meter.CreateCounter<long>("pharos_trace_size_retentions_total", null,
        "Blocks removed because of the store's size.");

    public Counter<long> Quarantined { get; } = meter.CreateCounter<long>("pharos_trace_quarantined_total", null, "Blocks and pages that were found damaged.");

    /// <summary>Gauges that ask the store when somebody looks.</summary>
    public void Observe(TraceStore store)
    {
        Gauge("pharos_trace_head_spans", "Spans that are not sealed.", () => store.View.Heads.Sum(static head => (long)head.Spans));
        Gauge("pharos_trace_head_bytes", "Memory of spans that are not sealed.", () => store.View.Heads.Sum(static head => head.Bytes));
        Gauge("pharos_trace_blocks", "Files of sealed spans.", () => store.View.Blocks.Length);
        Gauge("pharos_trace_block_spans", "Spans in files.", () => store.View.Blocks.Sum(static block => block.Meta.Spans));
        Gauge("pharos_trace_storage_bytes", "Bytes of files of sealed spans.", () => store.View.Blocks.Sum(static block => block.SizeBytes));
        Gauge("pharos_trace_wal_bytes", "Bytes of the log.", store.WalSizeBytes);
    }

    private void Gauge(string name, string description, Func<long> value) => meter.CreateObservableGauge(name, value, null, description);
}
