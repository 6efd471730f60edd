using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Metrics.Log;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests;

/// <summary>Keeps committed samples in lists, with the real store's rules for order and duplicates.</summary>
internal sealed class FakeMetricStore : IMetricStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, LabelSet> _labels = [];
    private readonly Dictionary<LabelSet, ulong> _references = [];
    private readonly Dictionary<LabelSet, List<Sample>> _samples = [];
    private readonly Dictionary<LabelSet, List<(long TimestampMs, NativeHistogram Histogram)>> _histograms = [];
    private readonly Dictionary<LabelSet, List<Exemplar>> _exemplars = [];
    private readonly Dictionary<LabelSet, List<long>> _starts = [];
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

    /// <summary>As if every series had left: references are not known any more, samples stay.</summary>
    public void ForgetSeries()
    {
        lock (_gate)
        {
            _labels.Clear();
            _references.Clear();
        }
    }

    /// <summary>The samples of the one series that prints like this.</summary>
    public IReadOnlyList<Sample> Of(string series)
    {
        lock (_gate)
        {
            return [.. _samples.Where(entry => entry.Key.ToString() == series).SelectMany(entry => entry.Value)];
        }
    }

    /// <summary>Every series that has samples.</summary>
    public IReadOnlyList<(LabelSet Labels, IReadOnlyList<Sample> Samples)> All()
    {
        lock (_gate)
        {
            return [.. _samples.Where(static entry => entry.Value.Count > 0).Select(static entry => (entry.Key, (IReadOnlyList<Sample>)[.. entry.Value]))];
        }
    }

    public IReadOnlyList<(long TimestampMs, NativeHistogram Histogram)> HistogramsOf(string series)
    {
        lock (_gate)
        {
            return [.. _histograms.Where(entry => entry.Key.ToString() == series).SelectMany(entry => entry.Value)];
        }
    }

    /// <summary>Histograms of a series as <see cref="Exposition.Exposed.Show"/> writes them, markers as "stale".</summary>
    public string Histograms(string series) => string.Join('|', HistogramsOf(series).Select(sample =>
        sample.Histogram.IsStale ? "stale" : Exposition.Exposed.Show(sample.Histogram)));

    public IReadOnlyList<Exemplar> ExemplarsOf(string series)
    {
        lock (_gate)
        {
            return [.. _exemplars.Where(entry => entry.Key.ToString() == series).SelectMany(entry => entry.Value)];
        }
    }

    /// <summary>The start times that came with a series' samples.</summary>
    public IReadOnlyList<long> StartsOf(string series)
    {
        lock (_gate)
        {
            return [.. _starts.Where(entry => entry.Key.ToString() == series).SelectMany(entry => entry.Value)];
        }
    }

    /// <summary>Values of a series, markers as "stale".</summary>
    public string Values(string series) => string.Join(' ', Of(series).Select(sample =>
        StaleMarker.Is(sample.Value) ? "stale" : Storage.Text.GoFloat.FormatG(sample.Value)));

    public IReadOnlyList<string> Series()
    {
        lock (_gate)
        {
            return [.. _samples.Where(entry => entry.Value.Count > 0).Select(entry => entry.Key)
                .Concat(_histograms.Where(entry => entry.Value.Count > 0).Select(entry => entry.Key))
                .Distinct().Select(labels => labels.ToString()).Order(StringComparer.Ordinal)];
        }
    }

    private static List<T> ListOf<T>(Dictionary<LabelSet, List<T>> lists, LabelSet labels)
    {
        if (!lists.TryGetValue(labels, out var list))
        {
            lists[labels] = list = [];
        }
        return list;
    }

    private sealed class Batch(FakeMetricStore store) : IMetricAppender
    {
        private readonly Dictionary<(LabelSet, long), Action> _pending = [];
        private readonly List<Action> _exemplars = [];

        public AppendResult Append(ref ulong reference, LabelSet labels, long timestampMs, double value, long startTimeMs = 0)
        {
            var known = Known(ref reference, labels);
            return Add(known, timestampMs, startTimeMs, () => ListOf(store._samples, known).Add(new Sample(timestampMs, value)));
        }

        public AppendResult Append(ulong reference, long timestampMs, double value, long startTimeMs = 0) =>
            store._labels.TryGetValue(reference, out var known)
                ? Append(ref reference, known, timestampMs, value, startTimeMs) : AppendResult.UnknownSeries;

        public AppendResult Append(
            ref ulong reference, LabelSet labels, long timestampMs, NativeHistogram histogram, long startTimeMs = 0)
        {
            var known = Known(ref reference, labels);
            return Add(known, timestampMs, startTimeMs, () => ListOf(store._histograms, known).Add((timestampMs, histogram)));
        }

        public AppendResult AppendExemplar(ulong reference, Exemplar exemplar, LabelSet? labels = null)
        {
            lock (store._gate)
            {
                var known = store._labels.GetValueOrDefault(reference) ?? labels!;
                if (!store._references.ContainsKey(known))
                {
                    return AppendResult.UnknownSeries;
                }
                if (ListOf(store._exemplars, known).LastOrDefault().TimestampMs > exemplar.TimestampMs)
                {
                    return AppendResult.OutOfOrder;
                }
                _exemplars.Add(() => ListOf(store._exemplars, known).Add(exemplar));
                return AppendResult.Ok;
            }
        }

        public void Commit()
        {
            lock (store._gate)
            {
                store.Commits++;
                foreach (var keep in _pending.Values.Concat(_exemplars))
                {
                    keep();
                }
            }
            Dispose();
        }

        public void Dispose()
        {
            _pending.Clear();
            _exemplars.Clear();
        }

        private LabelSet Known(ref ulong reference, LabelSet labels)
        {
            lock (store._gate)
            {
                if (store._labels.TryGetValue(reference, out var known))
                {
                    return known;
                }
                store.LookUps++;
                if (!store._references.TryGetValue(labels, out reference))
                {
                    reference = (ulong)store._references.Count + 1;
                    store._references[labels] = reference;
                    store._labels[reference] = labels;
                }
                return labels;
            }
        }

        private AppendResult Add(LabelSet labels, long timestampMs, long startTimeMs, Action keep)
        {
            lock (store._gate)
            {
                var times = ListOf(store._samples, labels).Select(sample => sample.TimestampMs)
                    .Concat(ListOf(store._histograms, labels).Select(sample => sample.TimestampMs)).ToList();
                if (times.Count > 0 && timestampMs < times.Max())
                {
                    return AppendResult.OutOfOrder;
                }
                if (times.Contains(timestampMs) || !_pending.TryAdd((labels, timestampMs), () =>
                {
                    keep();
                    if (startTimeMs != 0)
                    {
                        ListOf(store._starts, labels).Add(startTimeMs);
                    }
                }))
                {
                    return AppendResult.DuplicateTimestamp;
                }
                return AppendResult.Ok;
            }
        }
    }
}
