using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Exemplars;

/// <summary>The newest exemplars of all series together: when it is full the oldest that came makes room.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order. The rules are those of Prometheus' circular exemplar storage
/// (tsdb/exemplar.go).</remarks>
internal sealed class ExemplarBuffer(int capacity)
{
    /// <summary>OpenMetrics: the names and values of an exemplar's labels together have at most so many characters.</summary>
    public const int MaxLabelCharacters = 128;

    private readonly Lock _lock = new();
    private readonly Dictionary<LabelSet, SeriesExemplars> _series = [];

    /// <summary>Whose exemplar came first, second, and so on; as many entries as there are exemplars.</summary>
    private readonly Queue<SeriesExemplars> _arrival = new();
    private int _capacity = capacity;

    public int Capacity
    {
        get
        {
            lock (_lock)
            {
                return _capacity;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _arrival.Count;
            }
        }
    }

    public int SeriesCount
    {
        get
        {
            lock (_lock)
            {
                return _series.Count;
            }
        }
    }

    /// <summary>What an exemplar would be now.</summary>
    public AppendResult Check(LabelSet series, Exemplar exemplar)
    {
        if (!IsShort(exemplar.Labels))
        {
            return AppendResult.ExemplarLabelsTooLong;
        }
        lock (_lock)
        {
            return CheckLocked(_series.GetValueOrDefault(series), exemplar);
        }
    }

    /// <summary>Adds an exemplar whose labels are short enough, if it is still in order.</summary>
    public AppendResult Add(LabelSet series, Exemplar exemplar)
    {
        lock (_lock)
        {
            if (_capacity == 0)
            {
                return AppendResult.Ok;
            }
            _series.TryGetValue(series, out var known);
            var result = CheckLocked(known, exemplar);
            if (result != AppendResult.Ok)
            {
                return result;
            }
            EvictTo(_capacity - 1);
            if (known is null || known.Queue.Count == 0)
            {
                _series[series] = known = new SeriesExemplars(series);
            }
            known.Queue.Enqueue(exemplar);
            known.Newest = exemplar;
            _arrival.Enqueue(known);
            return AppendResult.Ok;
        }
    }

    /// <summary>Changes how many are kept; the oldest go where they are too many.</summary>
    public void Resize(int capacity)
    {
        lock (_lock)
        {
            _capacity = capacity;
            EvictTo(capacity);
        }
    }

    /// <summary>The exemplars in the range (both ends inclusive) of every series that any of the selectors matches, sorted by
    /// label set.</summary>
    public IReadOnlyList<ExemplarSeries> Select(IReadOnlyList<IReadOnlyList<LabelMatcher>> selectors, long minTimeMs,
        long maxTimeMs, CancellationToken cancellation)
    {
        var found = new List<ExemplarSeries>();
        lock (_lock)
        {
            foreach (var (labels, series) in _series)
            {
                cancellation.ThrowIfCancellationRequested();
                if (series.Newest.TimestampMs < minTimeMs || !selectors.Any(selector => Matches(selector, labels)))
                {
                    continue;
                }
                var inRange = series.Queue.Where(exemplar =>
                    exemplar.TimestampMs >= minTimeMs && exemplar.TimestampMs <= maxTimeMs).ToArray();
                if (inRange.Length > 0)
                {
                    found.Add(new ExemplarSeries(labels, inRange));
                }
            }
        }
        found.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        return found;
    }

    /// <summary>All exemplars in the order in which they came.</summary>
    public List<(LabelSet Series, Exemplar Exemplar)> Snapshot()
    {
        lock (_lock)
        {
            var next = new Dictionary<SeriesExemplars, IEnumerator<Exemplar>>();
            var all = new List<(LabelSet, Exemplar)>(_arrival.Count);
            foreach (var series in _arrival)
            {
                if (!next.TryGetValue(series, out var exemplars))
                {
                    next.Add(series, exemplars = series.Queue.AsEnumerable().GetEnumerator());
                }
                exemplars.MoveNext();
                all.Add((series.Labels, exemplars.Current));
            }
            return all;
        }
    }

    private static AppendResult CheckLocked(SeriesExemplars? series, Exemplar exemplar)
    {
        if (series is null)
        {
            return AppendResult.Ok;
        }
        var newest = series.Newest;
        var order = exemplar.TimestampMs.CompareTo(newest.TimestampMs);
        order = order == 0 ? exemplar.Value.CompareTo(newest.Value) : order;
        order = order == 0 ? exemplar.Labels.CompareTo(newest.Labels) : order;
        return order switch
        {
            0 => AppendResult.SameAsStored,
            < 0 => AppendResult.OutOfOrder,
            _ => AppendResult.Ok,
        };
    }

    private static bool IsShort(LabelSet labels)
    {
        var characters = 0;
        foreach (var label in labels.Span)
        {
            characters += CharactersOf(label.Name) + CharactersOf(label.Value);
        }
        return characters <= MaxLabelCharacters;
    }

    private static int CharactersOf(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }
        return count;
    }

    private static bool Matches(IReadOnlyList<LabelMatcher> selector, LabelSet labels) =>
        selector.All(matcher => matcher.Matches(labels[matcher.Name]));

    private void EvictTo(int count)
    {
        while (_arrival.Count > count)
        {
            var oldest = _arrival.Dequeue();
            oldest.Queue.Dequeue();
            if (oldest.Queue.Count == 0)
            {
                _series.Remove(oldest.Labels);
            }
        }
    }

    private sealed class SeriesExemplars(LabelSet labels)
    {
        public LabelSet Labels { get; } = labels;

        public Queue<Exemplar> Queue { get; } = new();

        public Exemplar Newest { get; set; }
    }
}
