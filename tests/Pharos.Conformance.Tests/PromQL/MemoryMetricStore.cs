using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>A store of sorted lists: the simplest thing a query can run on.</summary>
internal sealed class MemoryMetricStore : IMetricStore
{
    private readonly Dictionary<LabelSet, SortedList<long, double>> _series = [];

    public IReadOnlyDictionary<string, MetricMetadata> Metadata { get; } = new Dictionary<string, MetricMetadata>();

    public void Add(LabelSet labels, long timestampMs, double value)
    {
        if (!_series.TryGetValue(labels, out var samples))
        {
            _series[labels] = samples = [];
        }
        samples[timestampMs] = value;
    }

    public void Clear() => _series.Clear();

    public IMetricAppender Appender() => throw new NotSupportedException();

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs) => new View(this);

    public IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void CleanTombstones(CancellationToken cancellation) => throw new NotSupportedException();

    public string Snapshot(bool skipHead, CancellationToken cancellation) => throw new NotSupportedException();

    public IMetricLogReader ReadLog(MetricLogPosition? from) => throw new NotSupportedException();

    public void SetMetadata(string metricFamily, MetricMetadata metadata) => throw new NotSupportedException();

    public MetricStoreStatus Status(int topLimit) => new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class View(MemoryMetricStore store) : IMetricQuerier
    {
        public IReadOnlyList<IStoredSeries> Select(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            store._series.Where(pair => matchers.All(matcher => matcher.Matches(pair.Key[matcher.Name])))
                .OrderBy(pair => pair.Key).Select(pair => (IStoredSeries)new Row(pair.Key, pair.Value)).ToList();

        public IReadOnlyList<string> LabelNames(IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            Select(matchers, cancellation).SelectMany(row => row.Labels).Select(label => label.Name).Distinct().Order().ToList();

        public IReadOnlyList<string> LabelValues(
            string name, IReadOnlyList<LabelMatcher> matchers, CancellationToken cancellation) =>
            Select(matchers, cancellation).Select(row => row.Labels[name]).Distinct().Order().ToList();

        public void Dispose()
        {
        }
    }

    private sealed class Row(LabelSet labels, SortedList<long, double> samples) : IStoredSeries
    {
        public LabelSet Labels => labels;

        public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
        {
            foreach (var (time, value) in samples)
            {
                if (time >= minTimeMs && time <= maxTimeMs)
                {
                    into.Add(time, value);
                }
            }
        }
    }
}
