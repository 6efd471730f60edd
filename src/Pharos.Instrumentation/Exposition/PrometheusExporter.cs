using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Listens to meters and writes their instruments in Prometheus' formats.</summary>
/// <remarks>Names follow OpenTelemetry's rules of compatibility: a name that already is a metric's stays as it is. A
/// monotonic counter is a <c>counter</c>, an up-down counter or gauge a <c>gauge</c>, a histogram a <c>histogram</c> with its
/// advised boundaries. A measurement made inside of a recorded <see cref="System.Diagnostics.Activity"/> leaves an exemplar.
/// Thread-safe; expositions are written one at a time, without an allocation for each series. At most
/// <see cref="MaxSeriesPerInstrument"/> label sets for each metric; measurements of later ones are counted together under
/// <c>otel_metric_overflow="true"</c> and in <see cref="OverflowedMeasurements"/>.</remarks>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>Bounds what a label with unbounded values can cost the application.</summary>
    public const int MaxSeriesPerInstrument = 2000;

    /// <summary>Bounds the metrics of one exporter; instruments published later are not exposed.</summary>
    public const int MaxMetrics = 5000;

    private static readonly double[] DefaultBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly PrometheusExporterOptions _options;
    private readonly MeterListener _listener = new();
    private readonly Lock _familiesLock = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private MetricFamily[] _sorted = [];

    /// <summary>Held while an exposition is written; it guards the buffer and the copy.</summary>
    private readonly Lock _writing = new();
    private readonly ByteBuffer _buffer = new(16 << 10);
    private readonly SeriesCopy _copy = new();
    private long _collection;
    private long _overflowed;

    /// <summary>Listens to exactly these meters.</summary>
    public PrometheusExporter(params Meter[] meters)
        : this(new PrometheusExporterOptions { Meters = meters })
    {
    }

    public PrometheusExporter(PrometheusExporterOptions options)
    {
        _options = options;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsWanted(instrument.Meter) && FamilyOf(instrument) is { } family)
            {
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Measurements of label sets that came when their metric was full.</summary>
    public long OverflowedMeasurements => Interlocked.Read(ref _overflowed);

    /// <summary>All metrics, sorted by name, as one exposition.</summary>
    public void WriteTo(IBufferWriter<byte> output, ExpositionFormat format)
    {
        lock (_writing)
        {
            Fill(format);
            output.Write(_buffer.Written);
            _buffer.Clear();
        }
    }

    /// <summary>All metrics as text 0.0.4 or OpenMetrics, for a console or a test.</summary>
    public string Render(ExpositionFormat format = ExpositionFormat.Text)
    {
        lock (_writing)
        {
            Fill(format);
            var text = Encoding.UTF8.GetString(_buffer.Written);
            _buffer.Clear();
            return text;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Fill(ExpositionFormat format)
    {
        var collection = Interlocked.Increment(ref _collection);
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException)
        {
            // An observation of the application's that fails costs that one metric, not the exposition.
        }
        foreach (var family in Volatile.Read(ref _sorted))
        {
            if (format == ExpositionFormat.Protobuf)
            {
                ProtobufExposition.Write(_buffer, family, _copy, collection);
            }
            else
            {
                TextExposition.Write(_buffer, family, _copy, collection, format == ExpositionFormat.OpenMetrics);
            }
        }
        if (format == ExpositionFormat.OpenMetrics)
        {
            _buffer.Bytes("# EOF\n"u8);
        }
    }

    private bool IsWanted(Meter meter)
    {
        if (_options.Meters.Contains(meter))
        {
            return true;
        }
        return (meter.Scope is null || _options.Scope is null || ReferenceEquals(meter.Scope, _options.Scope))
            && NamePattern.MatchesAny(_options.MeterNames, meter.Name);
    }

    /// <summary>The metric that an instrument is part of; null where it is of another type than its namesake, or one too
    /// many.</summary>
    private MetricFamily? FamilyOf(Instrument instrument)
    {
        var kind = KindOf(instrument);
        var name = MetricName.Of(instrument.Name, instrument.Unit, kind);
        lock (_familiesLock)
        {
            if (_families.TryGetValue(name, out var family))
            {
                return family.Kind == kind ? family : null;
            }
            if (_families.Count >= MaxMetrics)
            {
                return null;
            }
            family = new MetricFamily(name, instrument.Description ?? "", MetricName.UnitWord(instrument.Unit), kind,
                kind == InstrumentKind.Histogram ? BoundariesOf(instrument) : [], _options.NativeHistograms, _options.Time);
            _families.Add(name, family);
            Volatile.Write(ref _sorted, [.. _families.Values]);
            return family;
        }
    }

    private static InstrumentKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? InstrumentKind.Histogram
            : type == typeof(Counter<>) ? InstrumentKind.Counter
            : type == typeof(ObservableCounter<>) ? InstrumentKind.ObservedCounter
            : type == typeof(UpDownCounter<>) ? InstrumentKind.UpDownCounter
            : type == typeof(ObservableUpDownCounter<>) ? InstrumentKind.ObservedUpDownCounter
            : type == typeof(Gauge<>) ? InstrumentKind.Gauge : InstrumentKind.ObservedGauge;
    }

    private static double[] BoundariesOf(Instrument instrument)
    {
        double[]? advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<float> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => null,
        };
        return advised ?? DefaultBoundaries;
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!((MetricFamily)state!).Record(value, tags, Interlocked.Read(ref _collection)))
        {
            Interlocked.Increment(ref _overflowed);
        }
    }
}
