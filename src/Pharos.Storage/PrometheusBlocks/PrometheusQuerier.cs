using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Blocks and head of a Prometheus folder as one.</summary>
internal sealed class PrometheusQuerier(PrometheusFolder folder, long minTimeMs, long maxTimeMs) : IMetricQuerier
{
    public IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation)
    {
        var found = new Dictionary<LabelSet, PrometheusSeries>();
        foreach (var block in folder.Blocks.Where(block => block.Meta.MinTime <= maxTimeMs && block.Meta.MaxTime > minTimeMs))
        {
            foreach (var series in block.Series(matchers, cancellation))
            {
                Of(series.Labels).Add(series);
            }
        }
        foreach (var (labels, samples) in folder.Head.Samples)
        {
            if (samples.Timestamps[0] <= maxTimeMs && samples.Timestamps[^1] >= minTimeMs
                && matchers.All(matcher => matcher.Matches(labels[matcher.Name])))
            {
                Of(labels).SetHead(samples);
            }
        }
        return [.. found.Values.OrderBy(static series => series.Labels)];

        PrometheusSeries Of(LabelSet labels)
        {
            if (!found.TryGetValue(labels, out var series))
            {
                found.Add(labels, series = new PrometheusSeries(labels));
            }
            return series;
        }
    }

    public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
    [
        .. Select(matchers, cancellation).SelectMany(static series => series.Labels).Select(static label => label.Name)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    public IReadOnlyList<string> LabelValues(
        string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
    [
        .. Select(matchers, cancellation).Select(series => series.Labels[name]).Where(static value => value.Length > 0)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    public void Dispose()
    {
        // The folder owns the files.
    }
}
