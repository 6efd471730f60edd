using System.Diagnostics.Metrics;

namespace Pharos.Storage.Logs;

/// <summary>What the store counts of itself, under Loki's names where it has one.</summary>
internal sealed class LogStoreInstruments(Meter meter)
{
    public Counter<long> Entries { get; } = meter.CreateCounter<long>("pharos_log_entries_appended_total", null, "Entries that were stored.");

    public Counter<long> LineBytes { get; } = meter.CreateCounter<long>("pharos_log_line_bytes_appended_total", null, "Bytes of lines that were stored.");

    public Counter<long> Repeated { get; } = meter.CreateCounter<long>("pharos_log_repeated_entries_total", null,
        "Entries left out because their stream had them already.");

    public Counter<long> StreamsCreated { get; } = meter.CreateCounter<long>("loki_ingester_streams_created_total", null,
        "Streams that got their first entry in memory.");

    public Counter<long> StreamsRemoved { get; } = meter.CreateCounter<long>("loki_ingester_streams_removed_total", null,
        "Streams whose entries all left the memory for files.");

    public Counter<long> BlocksStored { get; } = meter.CreateCounter<long>("loki_ingester_chunks_stored_total", null, "Blocks sealed from memory.");

    public Counter<long> BytesStored { get; } = meter.CreateCounter<long>("loki_ingester_chunk_stored_bytes_total", null,
        "Bytes of files of sealed entries.");

    public Counter<long> WalFailures { get; } = meter.CreateCounter<long>("loki_ingester_wal_disk_full_failures_total", null,
        "Appends and syncs that the disk refused.");

    public Counter<long> WalBytes { get; } = meter.CreateCounter<long>("loki_ingester_wal_logged_bytes_total", null, "Bytes written to the log.");

    public Counter<long> WalRecords { get; } = meter.CreateCounter<long>("loki_ingester_wal_records_logged_total", null, "Records written to the log.");

    public Counter<long> WalCorruptions { get; } = meter.CreateCounter<long>("loki_ingester_wal_corruptions_total", null,
        "Damaged places found in the log.");

    public Counter<long> TornTails { get; } = meter.CreateCounter<long>("pharos_log_wal_torn_tails_total", null,
        "Logs that ended in the middle of a record.");

    public Counter<long> SealFailures { get; } = meter.CreateCounter<long>("pharos_log_seal_failures_total", null,
        "Times that entries could not be written to files; they stay in memory and in the log.");

    public Counter<long> Merges { get; } = meter.CreateCounter<long>("pharos_log_merges_total", null, "Parts written from others.");

    public Counter<long> MergeFailures { get; } = meter.CreateCounter<long>("pharos_log_merge_failures_total", null, "Merges that failed.");

    public Counter<long> TimeRetentions { get; } = meter.CreateCounter<long>("pharos_log_time_retentions_total", null,
        "Parts removed because of their age.");

    public Counter<long> SizeRetentions { get; } = meter.CreateCounter<long>("pharos_log_size_retentions_total", null,
        "Parts removed because of the store's size.");

    public Counter<long> Quarantined { get; } = meter.CreateCounter<long>("pharos_log_quarantined_blocks_total", null,
        "Parts and blocks that were found damaged.");

    /// <summary>Gauges that ask the store when somebody looks.</summary>
    public void Observe(LogStore store)
    {
        Gauge("loki_ingester_memory_streams", "Streams with entries in memory.", () => store.Status().ActiveStreams);
        Gauge("loki_ingester_memory_chunks", "Streams in memory, by heads.", () => store.View.Heads.Sum(static head => (long)head.StreamCount));
        Gauge("pharos_log_head_bytes", "Memory of entries that are not sealed.", () => store.View.Heads.Sum(static head => head.Bytes));
        Gauge("pharos_log_head_entries", "Entries that are not sealed.", () => store.View.Heads.Sum(static head => head.Entries));
        Gauge("pharos_log_parts", "Files of sealed entries.", () => store.View.Parts.Length);
        Gauge("pharos_log_blocks", "Blocks of sealed entries.", () => store.View.Parts.Sum(static part => (long)part.Blocks.Count));
        Gauge("pharos_log_storage_bytes", "Bytes of files of sealed entries.", () => store.View.Parts.Sum(static part => part.SizeBytes));
        Gauge("pharos_log_wal_bytes", "Bytes of the log.", store.WalSizeBytes);
    }

    private void Gauge(string name, string description, Func<long> value) =>
        meter.CreateObservableGauge(name, value, null, description);
}
