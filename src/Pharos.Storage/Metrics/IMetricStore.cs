using Pharos.Storage.Metrics.Log;
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

    /// <summary>The exemplars in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>] of every series that any of the
    /// selectors matches, sorted by label set.</summary>
    IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation);

    /// <summary>Replaces what is known of a metric family.</summary>
    void SetMetadata(string metricFamily, MetricMetadata metadata);

    /// <summary>What is known of each metric family, by name.</summary>
    IReadOnlyDictionary<string, MetricMetadata> Metadata { get; }

    /// <summary>Hides the matching samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>] at once and for
    /// good; their space comes back with <see cref="CleanTombstones"/> or the next merge.</summary>
    void Delete(IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation);

    /// <summary>Rewrites every block that has deleted samples.</summary>
    void CleanTombstones(CancellationToken cancellation);

    /// <summary>Writes a copy that opens as a store of its own into <c>snapshots/&lt;name&gt;</c> and answers the name.</summary>
    /// <param name="skipHead">Leaves out what is not sealed yet.</param>
    string Snapshot(bool skipHead, CancellationToken cancellation);

    /// <summary>Follows what is committed from <paramref name="from"/> on, or from now on where it is null or no longer kept.</summary>
    IMetricLogReader ReadLog(MetricLogPosition? from);

    /// <summary>What changes here; null where that is not known, because others hold samples, too.</summary>
    StoreChanges? Changes => null;

    /// <summary>Counts for <c>/api/v1/status/tsdb</c> and for self-monitoring.</summary>
    MetricStoreStatus Status(int topLimit);
}
