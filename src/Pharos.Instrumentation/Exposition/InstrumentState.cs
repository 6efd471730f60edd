using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Pharos.Instrumentation.Exposition;

/// <summary>The series of one instrument. Its lock guards the map and every value in it.</summary>
internal sealed class InstrumentState
{
    private readonly Instrument _instrument;
    private readonly InstrumentKind _kind;
    private readonly double[] _boundaries;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

    public InstrumentState(Instrument instrument, InstrumentKind kind, double[] boundaries)
    {
        _instrument = instrument;
        _kind = kind;
        _boundaries = boundaries;
    }

    /// <returns>False where a new label set found the instrument full.</returns>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Render(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                if (_series.Count >= PrometheusExporter.MaxSeriesPerInstrument)
                {
                    return false;
                }
                series = new Series(_kind == InstrumentKind.Histogram ? new long[_boundaries.Length + 1] : []);
                _series.Add(labels, series);
            }
            if (_kind == InstrumentKind.Histogram)
            {
                series.Buckets[BucketOf(value)]++;
                series.Value += value;
            }
            else if (_kind is InstrumentKind.Counter or InstrumentKind.UpDownCounter)
            {
                series.Value += value;
            }
            else
            {
                series.Value = value;
            }
            return true;
        }
    }

    public void WriteTo(ExpositionWriter text)
    {
        var type = _kind switch
        {
            InstrumentKind.Counter or InstrumentKind.ObservedCounter => "counter",
            InstrumentKind.Histogram => "histogram",
            _ => "gauge",
        };
        text.Family(_instrument.Name, type, _instrument.Description ?? "");
        lock (_lock)
        {
            foreach (var (labels, series) in _series)
            {
                if (_kind == InstrumentKind.Histogram)
                {
                    WriteHistogram(text, labels, series);
                }
                else
                {
                    text.Sample(_instrument.Name, "", labels, series.Value);
                }
            }
        }
    }

    private void WriteHistogram(ExpositionWriter text, string labels, Series series)
    {
        var total = 0L;
        for (var i = 0; i < series.Buckets.Length; i++)
        {
            total += series.Buckets[i];
            var le = i < _boundaries.Length ? _boundaries[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Sample(_instrument.Name, "_bucket", labels.Length == 0 ? $"le=\"{le}\"" : $"{labels},le=\"{le}\"", total);
        }
        text.Sample(_instrument.Name, "_sum", labels, series.Value);
        text.Sample(_instrument.Name, "_count", labels, total);
    }

    /// <summary>The first bucket whose upper bound is not below the value; bounds are inclusive.</summary>
    private int BucketOf(double value)
    {
        var at = 0;
        while (at < _boundaries.Length && !(value <= _boundaries[at]))
        {
            at++;
        }
        return at;
    }

    private static string Render(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }
            var plain = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(name).Append("=\"");
            text.Append(plain.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", @"\n", StringComparison.Ordinal));
            text.Append('"');
        }
        return text.ToString();
    }

    /// <summary>Value of a counter or gauge, or the sum of a histogram with its own (not cumulative) buckets.</summary>
    private sealed class Series(long[] buckets)
    {
        public long[] Buckets { get; } = buckets;

        public double Value { get; set; }
    }
}
