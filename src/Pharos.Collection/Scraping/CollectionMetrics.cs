using System.Diagnostics.Metrics;
using Pharos.Collection.Discovery;

namespace Pharos.Collection.Scraping;

/// <summary>Self-monitoring under Prometheus' own names.</summary>
internal sealed class CollectionMetrics
{
    public CollectionMetrics(Meter meter)
    {
        Discovery = new DiscoveryMetrics(meter);
        PoolReloads = meter.CreateCounter<long>("prometheus_target_scrape_pool_reloads_total", description: "Total number of scrape pool reloads.");
        PoolReloadsFailed = meter.CreateCounter<long>(
            "prometheus_target_scrape_pool_reloads_failed_total", description: "Total number of failed scrape pool reloads.");
        PoolSyncs = meter.CreateCounter<long>(
            "prometheus_target_scrape_pool_sync_total", description: "Total number of syncs that were executed on a scrape pool.");
        SyncFailed = meter.CreateCounter<long>("prometheus_target_sync_failed_total", description: "Total number of target sync failures.");
        SyncLength = meter.CreateHistogram<double>("prometheus_target_sync_length_seconds", description: "Actual interval to sync the scrape pool.");
        IntervalLength = meter.CreateHistogram<double>("prometheus_target_interval_length_seconds", description: "Actual intervals between scrapes.");
        ExceededTargetLimit = meter.CreateCounter<long>(
            "prometheus_target_scrape_pool_exceeded_target_limit_total",
            description: "Total number of times scrape pools hit the target limit, during sync or config reload.");
        ExceededLabelLimits = meter.CreateCounter<long>(
            "prometheus_target_scrape_pool_exceeded_label_limits_total",
            description: "Total number of times scrape pools hit the label limits, during sync or config reload.");
        ExceededBodySizeLimit = meter.CreateCounter<long>(
            "prometheus_target_scrapes_exceeded_body_size_limit_total", description: "Total number of scrapes that hit the body size limit");
        ExceededSampleLimit = meter.CreateCounter<long>(
            "prometheus_target_scrapes_exceeded_sample_limit_total", description: "Total number of scrapes that hit the sample limit and were rejected.");
        ExceededBucketLimit = meter.CreateCounter<long>(
            "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
            description: "Total number of scrapes that hit the native histogram bucket limit and were rejected.");
        OutOfOrderExemplars = meter.CreateCounter<long>(
            "prometheus_target_scrapes_exemplar_out_of_order_total",
            description: "Total number of exemplar rejected due to not being out of the expected order.");
        DuplicateTimestamps = meter.CreateCounter<long>(
            "prometheus_target_scrapes_sample_duplicate_timestamp_total",
            description: "Total number of samples rejected due to duplicate timestamps but different values.");
        OutOfOrder = meter.CreateCounter<long>(
            "prometheus_target_scrapes_sample_out_of_order_total",
            description: "Total number of samples rejected due to not being out of the expected order.");
        OutOfBounds = meter.CreateCounter<long>(
            "prometheus_target_scrapes_sample_out_of_bounds_total",
            description: "Total number of samples rejected due to timestamp falling outside of the time bounds.");
        SeriesRefused = meter.CreateCounter<long>(
            "pharos_target_scrapes_series_refused_total", description: "Total number of samples of scrapes whose new series the store refused.");
        CommitsFailed = meter.CreateCounter<long>(
            "pharos_target_scrapes_commit_failed_total", description: "Total number of scrapes whose samples the store could not commit.");
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
