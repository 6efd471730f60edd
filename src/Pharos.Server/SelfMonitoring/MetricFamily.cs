using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Pharos.Storage.Model;

namespace Pharos.Server.SelfMonitoring;

/// <summary>One instrument's series, by their tags.</summary>
internal sealed class MetricFamily
{
    /// <summary>Bounds the series of one instrument; what comes beyond is not shown.</summary>
    private const int MaxSeries = 10_000;

    private static readonly double[] DefaultBounds = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];

    private readonly Instrument _instrument;
    private readonly Kind _kind;
    private readonly double[] _bounds;
    private readonly ConcurrentDictionary<LabelSet, Cell> _cells = new();

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        _kind = KindOf(instrument);
        _bounds = _kind is Kind.Histogram ? BoundsOf(instrument) : [];
    }

    public bool IsObservable => _instrument.IsObservable;

    public void Clear() => _cells.Clear();

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelsOf(tags);
        if (!_cells.TryGetValue(labels, out var cell))
        {
            if (_cells.Count >= MaxSeries)
            {
                return;
            }
            cell = _cells.GetOrAdd(labels, static (_, bounds) => new Cell(bounds), _bounds);
        }
        // An observable counter tells its total, a plain one what has been added.
        cell.Record(value, replace: IsObservable || _kind is Kind.SetGauge, _bounds);
    }

    public MetricFamilySnapshot Snapshot()
    {
        var type = _kind switch { Kind.Counter => "counter", Kind.Histogram => "histogram", _ => "gauge" };
        var points = _cells.OrderBy(cell => cell.Key)
            .Select(cell => cell.Value.Point(cell.Key, _kind is Kind.Histogram ? _bounds : null))
            .ToArray();
        return new MetricFamilySnapshot(_instrument.Name, type, _instrument.Description ?? "", points);
    }

    private static LabelSet LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return LabelSet.Empty;
        }
        var builder = new LabelSetBuilder();
        foreach (var (name, value) in tags)
        {
            builder.Set(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }
        return builder.Build();
    }

    private static Kind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>))
        {
            return Kind.Counter;
        }
        if (generic == typeof(Histogram<>))
        {
            return Kind.Histogram;
        }
        return generic == typeof(Gauge<>) ? Kind.SetGauge : Kind.SumGauge;
    }

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private enum Kind
    {
        Counter,
        SumGauge,
        SetGauge,
        Histogram,
    }

    private sealed class Cell(double[] bounds)
    {
        private readonly Lock _lock = new();
        private readonly long[] _buckets = new long[bounds.Length + 1];
        private double _value;
        private long _count;

        public void Record(double value, bool replace, double[] upperBounds)
        {
            lock (_lock)
            {
                _value = replace ? value : _value + value;
                if (upperBounds.Length > 0)
                {
                    var at = Array.BinarySearch(upperBounds, value);
                    _buckets[at < 0 ? ~at : at]++;
                    _count++;
                }
            }
        }

        public MetricPoint Point(LabelSet labels, double[]? upperBounds)
        {
            lock (_lock)
            {
                if (upperBounds is null)
                {
                    return new MetricPoint(labels, _value);
                }
                var cumulative = new long[upperBounds.Length];
                var sum = 0L;
                for (var i = 0; i < upperBounds.Length; i++)
                {
                    cumulative[i] = sum += _buckets[i];
                }
                return new MetricPoint(labels, _value, new HistogramPoint(upperBounds, cumulative, _count));
            }
        }
    }
}
