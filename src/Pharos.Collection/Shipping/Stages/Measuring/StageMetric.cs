using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping.Stages.Measuring;

/// <summary>One metric with its series, one a label set.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StageMetric
{
    /// <summary>Bounds the series of one metric; what comes beyond is not counted.</summary>
    private const int MaxSeries = 10_000;

    private readonly ConcurrentDictionary<LabelSet, Cell> _cells = new();
    private readonly TimeSpan _maxIdle;
    private readonly TimeProvider _time;
    private readonly Histogram<double>? _histogram;

    public StageMetric(StageMetricOptions options, Meter meter, TimeProvider time)
    {
        _maxIdle = options.MaxIdle;
        _time = time;
        switch (options.Type)
        {
            case StageMetricType.Counter:
                meter.CreateObservableCounter(options.Name, Measure, description: options.Description);
                break;
            case StageMetricType.Gauge:
                meter.CreateObservableGauge(options.Name, Measure, description: options.Description);
                break;
            default:
                _histogram = meter.CreateHistogram(options.Name, null, options.Description, tags: null,
                    new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. options.Buckets] });
                break;
        }
    }

    public void Record(LabelSet labels, double value, bool replaces)
    {
        if (_histogram is not null)
        {
            _histogram.Record(value, Tags(labels));
            return;
        }
        if (!_cells.TryGetValue(labels, out var cell))
        {
            if (_cells.Count >= MaxSeries)
            {
                return;
            }
            cell = _cells.GetOrAdd(labels, static _ => new Cell());
        }
        lock (cell)
        {
            cell.Value = replaces ? value : cell.Value + value;
            cell.At = _time.GetTimestamp();
        }
    }

    private static KeyValuePair<string, object?>[] Tags(LabelSet labels) =>
        [.. labels.Select(static label => new KeyValuePair<string, object?>(label.Name, label.Value))];

    private List<Measurement<double>> Measure()
    {
        var measured = new List<Measurement<double>>();
        foreach (var (labels, cell) in _cells)
        {
            lock (cell)
            {
                if (_time.GetElapsedTime(cell.At) > _maxIdle)
                {
                    _cells.TryRemove(labels, out _);
                    continue;
                }
                measured.Add(new Measurement<double>(cell.Value, Tags(labels)));
            }
        }
        return measured;
    }

    private sealed class Cell
    {
        public double Value { get; set; }

        public long At { get; set; }
    }
}
