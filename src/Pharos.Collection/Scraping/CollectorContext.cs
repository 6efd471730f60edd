using Microsoft.Extensions.Logging;
using Pharos.Collection.Hashing;
using Pharos.Storage.Metrics;

namespace Pharos.Collection.Scraping;

/// <summary>What every pool and loop of one collector shares.</summary>
internal sealed record CollectorContext(
    IMetricStore Store, TimeProvider Time, ILogger Logger, CollectionMetrics Metrics, CollectorOptions Options)
{
    public TextHasher Hasher { get; } = new();

    public ScrapeFailureLog Failures { get; } = new(Time, Logger);
}
