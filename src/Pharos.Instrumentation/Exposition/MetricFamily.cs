using System.Collections.Concurrent;
using System.Text;

namespace Pharos.Instrumentation.Exposition;

/// <summary>All series of one metric name. Measuring takes no lock but the series' own; a new label set takes this one's.</summary>
internal sealed class MetricFamily
{
    /// <summary>The same labels may come in other orders; this many orders are remembered, and others cost a sort each time.</summary>
    private const int MaxOrders = 4 * PrometheusExporter.MaxSeriesPerInstrument;

    private readonly TimeProvider _time;
    private readonly bool _native;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> _byTags = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series>
        .AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly SortedDictionary<string, Series> _byText = new(StringComparer.Ordinal);
    private Series[] _sorted = [];
    private int _orders;
    private Series? _overflow;

    public MetricFamily(string name, string help, string unit, InstrumentKind kind, double[] boundaries, bool native, TimeProvider time)
    {
        Name = name;
        Help = help;
        Unit = unit;
        Kind = kind;
        Boundaries = boundaries;
        _native = native;
        _time = time;
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        Head = new FamilyHead(this);
    }

    public string Name { get; }

    public string Help { get; }

    /// <summary>The word that the name ends in, or nothing.</summary>
    public string Unit { get; }

    public InstrumentKind Kind { get; }

    public double[] Boundaries { get; }

    public FamilyHead Head { get; }

    public bool IsObserved => Kind is InstrumentKind.ObservedCounter or InstrumentKind.ObservedUpDownCounter or InstrumentKind.ObservedGauge;

    /// <summary>Sorted by their labels. The array is replaced, never changed.</summary>
    public Series[] All => Volatile.Read(ref _sorted);

    /// <returns>False where a new label set found the metric full. It is then counted in a series of its own, so that sums stay
    /// right; a gauge's is lost.</returns>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long collection)
    {
        if (!_lookup.TryGetValue(tags, out var series))
        {
            series = Find(tags);
        }
        if (series is null)
        {
            return false;
        }
        series.Record(value, collection);
        return !ReferenceEquals(series, _overflow);
    }

    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelText.Of(tags);
        var text = Encoding.UTF8.GetString(labels.Text);
        lock (_lock)
        {
            if (!_byText.TryGetValue(text, out var series))
            {
                series = _byText.Count >= PrometheusExporter.MaxSeriesPerInstrument ? Overflow() : Add(text, labels);
            }
            if (series is not null && _orders < MaxOrders && _byTags.TryAdd(tags.ToArray(), series))
            {
                _orders++;
            }
            return series;
        }
    }

    private Series? Overflow()
    {
        if (Kind is InstrumentKind.Gauge or InstrumentKind.ObservedGauge)
        {
            return null;
        }
        if (_overflow is null)
        {
            _overflow = new Series(LabelText.Overflow, Kind, Boundaries, _native, _time);
            Volatile.Write(ref _sorted, [.. _sorted, _overflow]);
        }
        return _overflow;
    }

    private Series Add(string text, LabelText labels)
    {
        var series = new Series(labels, Kind, Boundaries, _native, _time);
        _byText.Add(text, series);
        Volatile.Write(ref _sorted, [.. _byText.Values]);
        return series;
    }
}
