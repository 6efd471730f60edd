using System.Diagnostics.Metrics;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What remote write counts of itself, under Prometheus' names.</summary>
internal sealed class RemoteWriteMetrics
{
    private const string Prefix = "prometheus_remote_storage_";
    private static readonly string[] Kinds = ["samples", "histograms", "exemplars"];

    private readonly Meter _meter;
    private readonly Func<IReadOnlyList<RemoteWriteQueue>> _queues;

    public RemoteWriteMetrics(Meter meter, Func<IReadOnlyList<RemoteWriteQueue>> queues)
    {
        _meter = meter;
        _queues = queues;
        Sent = ByKind("total", "sent to remote storage");
        Failed = ByKind("failed_total", "that remote storage refused");
        Retried = ByKind("retried_total", "sent again after a recoverable failure");
        Dropped = ByKind("dropped_total", "that were not sent, by reason");
        Incoming = ByKind("in_total", "that came from the log");
        Metadata = Counter("metadata_total", "Metadata entries sent to remote storage.");
        MetadataFailed = Counter("metadata_failed_total", "Metadata entries that remote storage refused.");
        MetadataRetried = Counter("metadata_retried_total", "Metadata entries sent again after a recoverable failure.");
        Bytes = Counter("bytes_total", "Bytes of compressed samples sent.");
        MetadataBytes = Counter("metadata_bytes_total", "Bytes of compressed metadata sent.");
        EnqueueRetries = Counter("enqueue_retries_total", "Times that a full shard kept a sample waiting.");
        BatchDuration = meter.CreateHistogram(
            Prefix + "sent_batch_duration_seconds", "s", "Duration of send calls to remote storage.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60, 120, 300],
            });
        Observe();
    }

    public Counter<long>[] Sent { get; }

    public Counter<long>[] Failed { get; }

    public Counter<long>[] Retried { get; }

    public Counter<long>[] Dropped { get; }

    public Counter<long>[] Incoming { get; }

    public Counter<long> Metadata { get; }

    public Counter<long> MetadataFailed { get; }

    public Counter<long> MetadataRetried { get; }

    public Counter<long> Bytes { get; }

    public Counter<long> MetadataBytes { get; }

    public Counter<long> EnqueueRetries { get; }

    public Histogram<double> BatchDuration { get; }

    /// <summary>What comes in is the same for all queues, and so it is counted by one of them.</summary>
    public void CountIncoming(RemoteWriteQueue queue, PendingKind kind)
    {
        if (_queues() is [var first, ..] && ReferenceEquals(first, queue))
        {
            Incoming[(int)kind].Add(1);
        }
    }

    private Counter<long>[] ByKind(string suffix, string what) =>
        [.. Kinds.Select(kind => Counter($"{kind}_{suffix}", $"{char.ToUpperInvariant(kind[0])}{kind[1..]} {what}."))];

    private Counter<long> Counter(string name, string description) =>
        _meter.CreateCounter<long>(Prefix + name, null, description);

    private void Observe()
    {
        for (var i = 0; i < Kinds.Length; i++)
        {
            var kind = (PendingKind)i;
            Gauge($"{Kinds[i]}_pending", $"{Kinds[i]} in the shards.", queue => queue.Pending(kind));
        }
        Gauge("shards", "Shards that send in parallel now.", queue => queue.Shards);
        Gauge("shards_max", "The most shards that may send in parallel.", queue => queue.Options.Queue.MaxShards);
        Gauge("shards_min", "The least shards that send in parallel.", queue => queue.Options.Queue.MinShards);
        Gauge("shards_desired", "Shards that the present load asks for.", queue => queue.DesiredShards);
        Gauge("shard_capacity", "Samples that one shard holds.", queue => queue.Options.Queue.Capacity);
        Gauge("max_samples_per_send", "The most samples in one request.", queue => queue.Options.Queue.MaxSamplesPerSend);
        Gauge("queue_highest_timestamp_seconds", "Newest timestamp that was queued.", queue => queue.HighestQueuedMs / 1000d);
        Gauge("queue_highest_sent_timestamp_seconds", "Newest timestamp that was sent.", queue => queue.HighestSentMs / 1000d);
        _meter.CreateObservableGauge(
            Prefix + "highest_timestamp_in_seconds",
            () => _queues().Select(queue => queue.HighestQueuedMs / 1000d).DefaultIfEmpty(0).Max(), null,
            "Newest timestamp that came from the log.");
        _meter.CreateObservableGauge(
            "prometheus_wal_watcher_current_segment",
            () => _queues().Select(queue => new Measurement<long>(queue.Segment, new KeyValuePair<string, object?>("consumer", queue.Options.Name))),
            null, "Segment of the log that each queue reads.");
        _meter.CreateObservableCounter(
            "pharos_remote_storage_lost_segments_total",
            () => _queues().Select(queue => new Measurement<long>(queue.LostSegments, queue.Tags)), null,
            "Segments of the log that were removed before they were sent.");

        void Gauge(string name, string description, Func<RemoteWriteQueue, double> value) => _meter.CreateObservableGauge(
            Prefix + name, () => _queues().Select(queue => new Measurement<double>(value(queue), queue.Tags)), null, description);
    }
}
