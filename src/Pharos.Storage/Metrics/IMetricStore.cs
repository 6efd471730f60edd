using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>Where samples go and come from. The one seam between the metric store and everything above it.</summary>
/// <remarks>Thread-safe. Knows nothing of PromQL, scraping or HTTP.</remarks>
public interface IMetricStore : IAsyncDisposable
{
    /// <summary>Opens a batch: one scrape, one rule evaluation, one pushed request.</summary>
    IMetricAppender Appender();

    /// <summary>Opens a view of all committed samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>].</summary>
    IMetricQuerier Querier(long minTimeMs, long maxTimeMs);

    /// <summary>Replaces what is known of a metric family.</summary>
    void SetMetadata(string metricFamily, MetricMetadata metadata);

    /// <summary>What is known of each metric family, by name.</summary>
    IReadOnlyDictionary<string, MetricMetadata> Metadata { get; }

    /// <summary>Counts for <c>/api/v1/status/tsdb</c> and for self-monitoring.</summary>
    MetricStoreStatus Status(int topLimit);
}
