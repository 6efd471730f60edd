using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>A store of sorted lists: the simplest thing a query can run on.</summary>
internal sealed class MemoryMetricStore : IMetricStore
{
    private readonly Dictionary<LabelSet, SortedList<long, (Element Element, long StartMs)>> _series = [];

    public IReadOnlyDictionary<string, MetricMetadata> Metadata { get; } = new Dictionary<string, MetricMetadata>();

    public void Add(LabelSet labels, long timestampMs, Element element, long startMs = 0)
    {
        if (!_series.TryGetValue(labels, out var samples))
        {
            _series[labels] = samples = [];
        }
        samples[timestampMs] = (element, startMs);
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

    private sealed class Row(LabelSet labels, SortedList<long, (Element Element, long StartMs)> samples) : IStoredSeries
    {
        public LabelSet Labels => labels;

        public void Read(long minTimeMs, long maxTimeMs, SampleBuffer into)
        {
            NativeHistogram? previous = null;
            foreach (var (time, (element, start)) in samples)
            {
                var histogram = element.Histogram;
                if (time >= minTimeMs && time <= maxTimeMs)
                {
                    into.Add(time, element.Number, histogram?.WithHint(Hint(previous, histogram)), start);
                }
                previous = histogram;
            }
        }

        /// <summary>What Prometheus' chunks would say: a sample that continues a chunk is no reset, of its first nothing is known.</summary>
        private static CounterResetHint Hint(NativeHistogram? previous, NativeHistogram current)
        {
            if (current.ResetHint == CounterResetHint.Gauge)
            {
                return current.ResetHint;
            }
            if (current.ResetHint == CounterResetHint.CounterReset || previous is null || previous.ResetHint == CounterResetHint.Gauge || previous.Schema != current.Schema
                || previous.ZeroThreshold != current.ZeroThreshold)
            {
                return CounterResetHint.Unknown;
            }
            return current.WithHint(CounterResetHint.Unknown).IsResetSince(previous)
                || !previous.CustomBounds.SequenceEqual(current.CustomBounds)
                ? CounterResetHint.Unknown : CounterResetHint.NotCounterReset;
        }
    }
}
