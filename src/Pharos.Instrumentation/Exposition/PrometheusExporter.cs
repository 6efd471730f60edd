using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Listens to meters and renders their instruments in Prometheus' text format 0.0.4.</summary>
/// <remarks>Instrument names are taken as metric names as they are. A monotonic counter is a <c>counter</c>, an up-down
/// counter or gauge a <c>gauge</c>, a histogram a classic <c>histogram</c> with its advised bucket boundaries.
/// Thread-safe. At most <see cref="MaxSeriesPerInstrument"/> label sets per instrument; later ones are dropped and counted
/// in <see cref="DroppedSeries"/>.</remarks>
public sealed class PrometheusExporter : IDisposable
{
    /// <summary>Bounds what a label with unbounded values can cost the application.</summary>
    public const int MaxSeriesPerInstrument = 2000;

    private static readonly double[] DefaultBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<Instrument, InstrumentState> _instruments = new();
    private readonly MeterListener _listener = new();
    private long _droppedSeries;

    /// <summary>Listens to exactly these meters.</summary>
    public PrometheusExporter(params Meter[] meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (Array.IndexOf(meters, instrument.Meter) >= 0)
            {
                var state = _instruments.GetOrAdd(instrument, CreateState);
                listener.EnableMeasurementEvents(instrument, state);
            }
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>Label sets that were refused because their instrument was full.</summary>
    public long DroppedSeries => Interlocked.Read(ref _droppedSeries);

    /// <summary>All instruments, sorted by name, as one exposition.</summary>
    public string Render()
    {
        _listener.RecordObservableInstruments();
        var text = new ExpositionWriter();
        foreach (var (_, state) in _instruments.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
        {
            state.WriteTo(text);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static InstrumentState CreateState(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Histogram<>))
        {
            var advised = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;
            return new InstrumentState(instrument, InstrumentKind.Histogram, advised?.ToArray() ?? DefaultBoundaries);
        }
        var kind = type == typeof(Counter<>) ? InstrumentKind.Counter
            : type == typeof(ObservableCounter<>) ? InstrumentKind.ObservedCounter
            : type == typeof(UpDownCounter<>) ? InstrumentKind.UpDownCounter
            : InstrumentKind.Gauge;
        return new InstrumentState(instrument, kind, []);
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!((InstrumentState)state!).Record(value, tags))
        {
            Interlocked.Increment(ref _droppedSeries);
        }
    }
}
