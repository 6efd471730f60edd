using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests;

/// <summary>Keeps committed samples in lists, with the real store's rules for order and duplicates.</summary>
internal sealed class FakeMetricStore : IMetricStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LabelSet> _labels = [];
    private readonly Dictionary<LabelSet, ulong> _references = [];
    private readonly Dictionary<LabelSet, List<Sample>> _samples = [];
    private readonly Dictionary<string, MetricMetadata> _metadata = new(StringComparer.Ordinal);

    public int Commits { get; private set; }

    public int LookUps { get; private set; }

    public IReadOnlyDictionary<string, MetricMetadata> Metadata => _metadata;

    public IMetricAppender Appender() => new Batch(this);

    public IMetricQuerier Querier(long minTimeMs, long maxTimeMs) => throw new NotSupportedException();

    public IReadOnlyList<ExemplarSeries> Exemplars(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void Delete(
        IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public void CleanTombstones(CancellationToken cancellation) => throw new NotSupportedException();

    public string Snapshot(bool skipHead, CancellationToken cancellation) => throw new NotSupportedException();

    public IMetricLogReader ReadLog(MetricLogPosition? from) => throw new NotSupportedException();

    public void SetMetadata(string metricFamily, MetricMetadata metadata)
    {
        lock (_gate)
        {
            _metadata[metricFamily] = metadata;
        }
    }

    public MetricStoreStatus Status(int topLimit) => new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The samples of the one series that prints like this.</summary>
    public IReadOnlyList<Sample> Of(string series)
    {
        lock (_gate)
        {
            return [.. _samples.Where(entry => entry.Key.ToString() == series).SelectMany(entry => entry.Value)];
        }
    }

    /// <summary>Values of a series, markers as "stale".</summary>
    public string Values(string series) => string.Join(' ', Of(series).Select(sample =>
        StaleMarker.Is(sample.Value) ? "stale" : Storage.Text.GoFloat.FormatG(sample.Value)));

    public IReadOnlyList<string> Series()
    {
        lock (_gate)
        {
            return [.. _samples.Keys.Select(labels => labels.ToString()).Order(StringComparer.Ordinal)];
        }
    }

    private sealed class Batch(FakeMetricStore store) : IMetricAppender
    {
        private readonly Dictionary<(LabelSet, long), double> _pending = [];

        public AppendResult Append(ref ulong reference, LabelSet labels, long timestampMs, double value, long startTimeMs = 0)
        {
            lock (store._gate)
            {
                if (!store._labels.TryGetValue(reference, out var known))
                {
                    store.LookUps++;
                    known = labels;
                    if (!store._references.TryGetValue(labels, out reference))
                    {
                        reference = (ulong)store._references.Count + 1;
                        store._references[labels] = reference;
                        store._labels[reference] = labels;
                    }
                }
                if (store._samples.TryGetValue(known, out var samples) && samples.Count > 0
                    && timestampMs < samples[^1].TimestampMs)
                {
                    return AppendResult.OutOfOrder;
                }
                if (samples?.Exists(sample => sample.TimestampMs == timestampMs) == true
                    || !_pending.TryAdd((known, timestampMs), value))
                {
                    return AppendResult.DuplicateTimestamp;
                }
                return AppendResult.Ok;
            }
        }

        public AppendResult Append(
            ref ulong reference, LabelSet labels, long timestampMs, NativeHistogram histogram, long startTimeMs = 0) =>
            throw new NotSupportedException();

        public AppendResult AppendExemplar(ulong reference, Exemplar exemplar) => AppendResult.Ok;

        public void Commit()
        {
            lock (store._gate)
            {
                store.Commits++;
                foreach (var ((labels, timestamp), value) in _pending)
                {
                    if (!store._samples.TryGetValue(labels, out var samples))
                    {
                        store._samples[labels] = samples = [];
                    }
                    samples.Add(new Sample(timestamp, value));
                }
                _pending.Clear();
            }
        }

        public void Dispose() => _pending.Clear();
    }
}
