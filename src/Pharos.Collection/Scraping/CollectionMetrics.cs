using System.Diagnostics.Metrics;
using Pharos.Collection.Discovery;

namespace Pharos.Collection.Scraping;

/// <summary>Self-monitoring under Prometheus' own names.</summary>
internal sealed class CollectionMetrics
{
    public CollectionMetrics(Meter meter)
    {
        Discovery = new DiscoveryMetrics(meter);
        PoolReloads = meter.CreateCounter<long>("prometheus_target_scrape_pool_reloads_total");
        PoolReloadsFailed = meter.CreateCounter<long>("prometheus_target_scrape_pool_reloads_failed_total");
        PoolSyncs = meter.CreateCounter<long>("prometheus_target_scrape_pool_sync_total");
        SyncFailed = meter.CreateCounter<long>("prometheus_target_sync_failed_total");
        SyncLength = meter.CreateHistogram<double>("prometheus_target_sync_length_seconds");
        IntervalLength = meter.CreateHistogram<double>("prometheus_target_interval_length_seconds");
        ExceededTargetLimit = meter.CreateCounter<long>("prometheus_target_scrape_pool_exceeded_target_limit_total");
        ExceededLabelLimits = meter.CreateCounter<long>("prometheus_target_scrape_pool_exceeded_label_limits_total");
        ExceededBodySizeLimit = meter.CreateCounter<long>("prometheus_target_scrapes_exceeded_body_size_limit_total");
        ExceededSampleLimit = meter.CreateCounter<long>("prometheus_target_scrapes_exceeded_sample_limit_total");
        ExceededBucketLimit = meter.CreateCounter<long>("prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total");
        OutOfOrderExemplars = meter.CreateCounter<long>("prometheus_target_scrapes_exemplar_out_of_order_total");
        DuplicateTimestamps = meter.CreateCounter<long>("prometheus_target_scrapes_sample_duplicate_timestamp_total");
        OutOfOrder = meter.CreateCounter<long>("prometheus_target_scrapes_sample_out_of_order_total");
        OutOfBounds = meter.CreateCounter<long>("prometheus_target_scrapes_sample_out_of_bounds_total");
        SeriesRefused = meter.CreateCounter<long>("pharos_target_scrapes_series_refused_total");
        CommitsFailed = meter.CreateCounter<long>("pharos_target_scrapes_commit_failed_total");
    }

    public DiscoveryMetrics Discovery { get; }

    public Counter<long> PoolReloads { get; }

    public Counter<long> PoolReloadsFailed { get; }

    public Counter<long> PoolSyncs { get; }

    public Counter<long> SyncFailed { get; }

    public Histogram<double> SyncLength { get; }

    public Histogram<double> IntervalLength { get; }

    public Counter<long> ExceededTargetLimit { get; }

    public Counter<long> ExceededLabelLimits { get; }

    public Counter<long> ExceededBodySizeLimit { get; }

    public Counter<long> ExceededSampleLimit { get; }

    public Counter<long> ExceededBucketLimit { get; }

    public Counter<long> OutOfOrderExemplars { get; }

    public Counter<long> DuplicateTimestamps { get; }

    public Counter<long> OutOfOrder { get; }

    public Counter<long> OutOfBounds { get; }

    public Counter<long> SeriesRefused { get; }

    public Counter<long> CommitsFailed { get; }

    public static KeyValuePair<string, object?> Job(string name) => new("scrape_job", name);
}
