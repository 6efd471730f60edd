using System.Diagnostics.Metrics;

namespace Pharos.Storage.Metrics;

/// <summary>What the store counts of itself, under Prometheus' names where it has one.</summary>
internal sealed class MetricStoreInstruments(Meter meter)
{
    public Counter<long> Samples { get; } = meter.CreateCounter<long>("prometheus_tsdb_head_samples_appended_total", null,
        "Samples that were committed.");

    public Counter<long> Exemplars { get; } = meter.CreateCounter<long>(
        "prometheus_tsdb_exemplar_exemplars_appended_total", null, "Exemplars that were committed.");

    public Counter<long> OutOfOrderExemplars { get; } = meter.CreateCounter<long>(
        "prometheus_tsdb_exemplar_out_of_order_exemplars_total", null,
        "Exemplars refused because their series has a newer one.");

    public Counter<long> SeriesCreated { get; } = meter.CreateCounter<long>("prometheus_tsdb_head_series_created_total", null,
        "Series that entered the head.");

    public Counter<long> SeriesRemoved { get; } = meter.CreateCounter<long>("prometheus_tsdb_head_series_removed_total", null,
        "Series that left the head.");

    public Counter<long> OutOfOrder { get; } = meter.CreateCounter<long>("prometheus_tsdb_out_of_order_samples_total", null,
        "Samples refused because their series has a newer one.");

    public Counter<long> OutOfBounds { get; } = meter.CreateCounter<long>("prometheus_tsdb_out_of_bound_samples_total", null,
        "Samples refused because their time is sealed.");

    public Counter<long> TooOld { get; } = meter.CreateCounter<long>("prometheus_tsdb_too_old_samples_total", null,
        "Samples refused because they are older than the window for samples out of order.");

    public Counter<long> Duplicates { get; } = meter.CreateCounter<long>("pharos_tsdb_duplicate_timestamp_samples_total", null,
        "Samples refused because another value is stored with their timestamp.");

    public Counter<long> SeriesRefused { get; } = meter.CreateCounter<long>("pharos_tsdb_series_limit_samples_total", null,
        "Samples refused because their series would be one too many.");

    public Counter<long> SeriesShed { get; } = meter.CreateCounter<long>("pharos_tsdb_overload_samples_total", null,
        "Samples refused because their series was new while the server was short of memory or time.");

    public Counter<long> InvalidLabels { get; } = meter.CreateCounter<long>("pharos_tsdb_invalid_labels_samples_total", null,
        "Samples refused because their labels are not valid.");

    public Counter<long> InvalidHistograms { get; } = meter.CreateCounter<long>("pharos_tsdb_invalid_histograms_total", null,
        "Samples refused because their histogram is not well formed.");

    public Counter<long> WalCorruptions { get; } = meter.CreateCounter<long>("prometheus_tsdb_wal_corruptions_total", null,
        "Damaged places found in the log.");

    public Counter<long> TornTails { get; } = meter.CreateCounter<long>("pharos_tsdb_wal_torn_tails_total", null,
        "Logs that ended in the middle of a record and were cut at the last whole one.");

    public Counter<long> WalFailures { get; } = meter.CreateCounter<long>("prometheus_tsdb_wal_writes_failed_total", null,
        "Commits and syncs that the disk refused.");

    public Counter<long> Checkpoints { get; } = meter.CreateCounter<long>("prometheus_tsdb_checkpoint_creations_total", null,
        "Checkpoints of the head.");

    public Counter<long> CheckpointFailures { get; } = meter.CreateCounter<long>(
        "prometheus_tsdb_checkpoint_creations_failed_total", null, "Checkpoints that the disk refused.");

    public Counter<long> Compactions { get; } = meter.CreateCounter<long>("prometheus_tsdb_compactions_total", null,
        "Blocks written, from the head or by merging.");

    public Counter<long> CompactionFailures { get; } = meter.CreateCounter<long>("prometheus_tsdb_compactions_failed_total",
        null, "Blocks that could not be written.");

    public Counter<long> TimeRetentions { get; } = meter.CreateCounter<long>("prometheus_tsdb_time_retentions_total", null,
        "Blocks removed because of their age.");

    public Counter<long> SizeRetentions { get; } = meter.CreateCounter<long>("prometheus_tsdb_size_retentions_total", null,
        "Blocks removed because of the store's size.");

    public Counter<long> QuarantinedBlocks { get; } = meter.CreateCounter<long>("pharos_tsdb_quarantined_blocks_total", null,
        "Corrupt blocks set aside.");

    public Counter<long> MissingBlocks { get; } = meter.CreateCounter<long>("pharos_tsdb_missing_blocks_total", null,
        "Blocks that somebody else had removed from the folder before the start.");

    public Counter<long> DamagedChunks { get; } = meter.CreateCounter<long>("pharos_tsdb_damaged_chunk_reads_total", null,
        "Reads that came upon a damaged chunk.");

    public Counter<long> DamagedDeletions { get; } = meter.CreateCounter<long>("pharos_tsdb_damaged_deletions_total", null,
        "Files of deletions that were damaged at the start.");

    /// <summary>Gauges that ask the store when somebody looks.</summary>
    public void Observe(MetricStore store)
    {
        Gauge("prometheus_tsdb_head_series", "Series in the head.", () => store.Head.SeriesCount);
        Gauge("prometheus_tsdb_head_min_time", "Oldest sample in the head, milliseconds.", () => HeadMinTimeMs(store));
        Gauge("prometheus_tsdb_head_min_time_seconds", "Oldest sample in the head.", () => HeadMinTimeMs(store) / 1000);
        Gauge("prometheus_tsdb_head_max_time", "Newest sample in the head, milliseconds.", () => store.Head.MaxTimeMs);
        Gauge("prometheus_tsdb_head_max_time_seconds", "Newest sample in the head.", () => store.Head.MaxTimeMs / 1000);
        Gauge("prometheus_tsdb_exemplar_exemplars_in_storage", "Exemplars that are kept.",
            () => store.Head.Exemplars.Count);
        Gauge("prometheus_tsdb_exemplar_series_with_exemplars_in_storage", "Series with an exemplar that is kept.",
            () => store.Head.Exemplars.SeriesCount);
        Gauge("prometheus_tsdb_exemplar_max_exemplars", "Exemplars that are kept at most.",
            () => store.Head.Exemplars.Capacity);
        Gauge("prometheus_tsdb_blocks_loaded", "Blocks that serve.", () => store.View.Blocks.Length);
        Gauge("prometheus_tsdb_storage_blocks_bytes", "Bytes of all blocks.",
            () => store.View.Blocks.Sum(static block => block.SizeBytes));
        Gauge("prometheus_tsdb_lowest_timestamp", "Start of the oldest block, milliseconds.",
            () => store.View.Blocks is [var first, ..] ? first.Meta.MinTimeMs : 0);
        Gauge("prometheus_tsdb_wal_segment_current", "Segment of the log that is written.", () => store.WalSegmentNumber);
        Gauge("prometheus_tsdb_wal_storage_size_bytes", "Bytes of the log.", () => store.WalSizeBytes());
    }

    /// <summary>Counts a refused sample and hands its result on.</summary>
    public AppendResult Count(AppendResult result)
    {
        var counter = result switch
        {
            AppendResult.OutOfOrder => OutOfOrder,
            AppendResult.OutOfBounds => OutOfBounds,
            AppendResult.TooOld => TooOld,
            AppendResult.DuplicateTimestamp => Duplicates,
            AppendResult.SeriesLimit => SeriesRefused,
            AppendResult.Overloaded => SeriesShed,
            AppendResult.InvalidLabels => InvalidLabels,
            AppendResult.InvalidHistogram => InvalidHistograms,
            _ => null,
        };
        counter?.Add(1);
        return result;
    }

    public AppendResult CountExemplar(AppendResult result)
    {
        if (result == AppendResult.OutOfOrder)
        {
            OutOfOrderExemplars.Add(1);
        }
        return result;
    }

    private static long HeadMinTimeMs(MetricStore store) => Math.Max(store.View.HeadFromMs, store.Head.MinTimeMs);

    private void Gauge(string name, string description, Func<long> value) =>
        meter.CreateObservableGauge(name, value, null, description);
}
