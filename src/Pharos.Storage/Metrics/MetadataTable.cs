using System.Collections.Immutable;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics;

/// <summary>What is known of each metric family; thread-safe, readers get an immutable snapshot.</summary>
internal sealed class MetadataTable
{
    /// <summary>More families than any server of ours will see; what comes beyond is not remembered.</summary>
    private const int MaxFamilies = 200_000;

    private ImmutableDictionary<string, MetricMetadata> _families =
        ImmutableDictionary.Create<string, MetricMetadata>(StringComparer.Ordinal);

    public ImmutableDictionary<string, MetricMetadata> Snapshot => Volatile.Read(ref _families);

    /// <summary>Whether <see cref="Set"/> would change anything.</summary>
    public bool IsNews(string metricFamily, MetricMetadata metadata)
    {
        var families = Snapshot;
        return families.TryGetValue(metricFamily, out var known) ? known != metadata : families.Count < MaxFamilies;
    }

    public void Set(string metricFamily, MetricMetadata metadata)
    {
        if (IsNews(metricFamily, metadata))
        {
            ImmutableInterlocked.AddOrUpdate(ref _families, metricFamily, metadata, (_, _) => metadata);
        }
    }
}
