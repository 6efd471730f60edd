using System.IO.Hashing;
using System.Text;
using Pharos.Collection.Hashing;
using Pharos.Collection.Protobuf;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition.Families;

/// <summary>Reads a stream of <c>io.prometheus.client.MetricFamily</c>, each message behind its length.</summary>
/// <remarks>A summary or classic histogram is read as the series that the text formats have for it.
/// Prometheus: model/textparse/protobufparse.go.</remarks>
internal ref struct MetricFamilyParser : IExpositionParser
{
    private readonly HistogramReading _reading;
    private readonly ExpositionScratch _scratch;
    private ProtobufReader _families;
    private ProtobufReader _metrics;
    private ProtobufReader _points;
    private MetricFamilyHeader _family;
    private MetricMessage _metric;
    private Stage _stage;
    private int _metricKeyLength;
    private ReadOnlySpan<byte> _suffix;
    private ReadOnlySpan<byte> _exemplar;
    private ExemplarReader _exemplars;
    private double? _bound;
    private bool _hasInfinity;
    private bool _isNative;
    private NativeHistogram? _histogram;
    private string? _histogramProblem;

    public MetricFamilyParser(ReadOnlySpan<byte> body, HistogramReading reading, ExpositionScratch scratch)
    {
        _families = new ProtobufReader(body);
        _reading = reading;
        _scratch = scratch;
    }

    private enum Stage
    {
        Family,
        Help,
        Unit,
        Type,
        Metric,
        Count,
        Sum,
        Points,
    }

    public readonly ReadOnlySpan<byte> Family => _family.Name;

    public ReadOnlySpan<byte> Text { get; private set; }

    public readonly ReadOnlySpan<byte> Series => _scratch.Key.Span;

    public double Value { get; private set; }

    public readonly long? TimestampMs => _metric.TimestampMs;

    public readonly long StartTimeMs => _metric.StartTimeMs;

    public readonly ulong ExemplarHash => _exemplar.IsEmpty ? _exemplars.Hash() : XxHash3.HashToUInt64(_exemplar);

    public string? Fault { get; private set; }

    public ExpositionEntry Next()
    {
        if (Fault is not null)
        {
            return ExpositionEntry.Fault;
        }
        try
        {
            return Step();
        }
        catch (InvalidDataException e)
        {
            Fault = e.Message;
            return ExpositionEntry.Fault;
        }
    }

    public readonly NativeHistogram ReadHistogram() => _histogram ?? throw new InvalidDataException(_histogramProblem);

    public readonly string ReadText() => Encoding.UTF8.GetString(Text) is var text && text == "untyped" ? "unknown" : text;

    public readonly string ReadFamily() => Encoding.UTF8.GetString(_family.Name);

    public readonly bool TryNext(TextHash expected, TextHasher hasher) => false;

    public readonly void ReadLabels(ExposedLabels into)
    {
        into.Clear();
        into.Add(Label.MetricName, ReadFamily() + Encoding.UTF8.GetString(_suffix));
        MetricMessage.ReadLabels(_metric.Message, into);
        if (_bound is { } bound)
        {
            into.Add(_family.Type == MetricFamilyHeader.Summary ? "quantile" : "le", ExpositionText.FormatBound(bound));
        }
    }

    public bool NextExemplar(ExposedExemplar into)
    {
        if (!_exemplar.IsEmpty)
        {
            ExemplarReader.Read(_exemplar, into);
            _exemplar = default;
            return true;
        }
        return _exemplars.Next(into);
    }

    private ExpositionEntry Step()
    {
        _exemplar = default;
        _exemplars = default;
        while (true)
        {
            switch (_stage)
            {
                case Stage.Family:
                    if (_families.IsAtEnd)
                    {
                        return ExpositionEntry.End;
                    }
                    if (!_families.TryDelimited(out var message, out var expected))
                    {
                        throw new InvalidDataException(expected == 0 ? "clientpb: invalid varint encountered"
                            : $"clientpb: insufficient length of buffer, expected at least {expected} bytes, got {_families.BytesLeft} bytes");
                    }
                    _family = MetricFamilyHeader.Read(message);
                    _metrics = new ProtobufReader(message);
                    _stage = _family.HasMetrics ? Stage.Help : Stage.Family;
                    break;
                case Stage.Help:
                    _family.Check();
                    return Metadata(_family.Help, ExpositionEntry.Help, _family.Unit.IsEmpty ? Stage.Type : Stage.Unit);
                case Stage.Unit:
                    return Metadata(_family.Unit, ExpositionEntry.Unit, Stage.Type);
                case Stage.Type:
                    return Metadata(_family.TypeName, ExpositionEntry.Type, Stage.Metric);
                case Stage.Metric:
                    if (NextMetric(out var entry))
                    {
                        return entry;
                    }
                    break;
                case Stage.Count:
                    _stage = Stage.Sum;
                    return Emit("_count"u8, _metric.Count);
                case Stage.Sum:
                    _stage = Stage.Points;
                    return Emit("_sum"u8, _metric.Sum);
                default:
                    if (NextPoint())
                    {
                        return ExpositionEntry.Series;
                    }
                    break;
            }
        }
    }

    private ExpositionEntry Metadata(ReadOnlySpan<byte> text, ExpositionEntry entry, Stage next)
    {
        Text = text;
        _stage = next;
        return entry;
    }

    /// <summary>Steps to the family's next metric; true where that is an entry itself.</summary>
    private bool NextMetric(out ExpositionEntry entry)
    {
        entry = ExpositionEntry.Series;
        do
        {
            if (!_metrics.Next(out var field))
            {
                _stage = Stage.Family;
                return false;
            }
            if (field == MetricFamilyHeader.MetricField)
            {
                _metric = MetricMessage.Read(_metrics.Bytes(), _family.Type);
                break;
            }
            _metrics.Skip();
        }
        while (true);
        _scratch.Key.Cut(0);
        MetricMessage.AddLabels(_metric.Message, _scratch.Key);
        _metricKeyLength = _scratch.Key.Length;
        switch (_family.Type)
        {
            case MetricFamilyHeader.Histogram or MetricFamilyHeader.GaugeHistogram:
                return BeginHistogram(out entry);
            case MetricFamilyHeader.Summary:
                BeginParts();
                return false;
            default:
                Emit([], _metric.Value);
                _exemplar = _metric.Exemplar;
                return true;
        }
    }

    private bool BeginHistogram(out ExpositionEntry entry)
    {
        entry = ExpositionEntry.Histogram;
        _isNative = _reading.Native && _metric.IsNative;
        _histogram = null;
        _histogramProblem = null;
        if (_isNative)
        {
            _histogram = HistogramMessage.ReadNative(_metric.Content, _scratch.Histogram, _family.Type, out _histogramProblem);
        }
        else if (_reading.ConvertClassic && _family.Type == MetricFamilyHeader.Histogram)
        {
            _histogram = HistogramMessage.ReadClassic(_metric, _scratch.Classic);
        }
        BeginParts();
        if (_histogram is null && _histogramProblem is null)
        {
            return false;
        }
        if (!_reading.AlwaysClassic || (_isNative && !_metric.HasBuckets))
        {
            _stage = Stage.Metric;
        }
        Emit([], 0);
        _exemplars = new ExemplarReader(_metric.Content, _metric.HasNativeExemplars);
        return true;
    }

    private void BeginParts()
    {
        _stage = Stage.Count;
        _points = new ProtobufReader(_metric.Content);
        _hasInfinity = false;
    }

    /// <summary>The next quantile or bucket; false behind the last one.</summary>
    private bool NextPoint()
    {
        // Behind the infinite bucket there are none, whatever the message says.
        while (!_hasInfinity && _points.Next(out var field))
        {
            if (field != MetricMessage.PointField)
            {
                _points.Skip();
                continue;
            }
            var point = new MetricPoint(_points.Bytes(), _family.Type);
            _hasInfinity |= double.IsPositiveInfinity(point.Bound);
            EmitBound(point.Bound, point.Value);
            _exemplar = point.Exemplar;
            return true;
        }
        _stage = Stage.Metric;
        if (_family.Type == MetricFamilyHeader.Summary || _hasInfinity)
        {
            return false;
        }
        EmitBound(double.PositiveInfinity, _metric.Count);
        return true;
    }

    private void EmitBound(double bound, double value)
    {
        Emit(_family.Type == MetricFamilyHeader.Summary ? [] : "_bucket"u8, value);
        _bound = bound;
        Span<byte> bits = stackalloc byte[sizeof(double)];
        BitConverter.TryWriteBytes(bits, bound);
        _scratch.Key.Add(bits);
    }

    /// <summary>Makes the sample the current one, under the labels of the metric and the family's name with a suffix.</summary>
    private ExpositionEntry Emit(ReadOnlySpan<byte> suffix, double value)
    {
        _suffix = suffix;
        _bound = null;
        Value = value;
        _scratch.Key.Cut(_metricKeyLength);
        _scratch.Key.AddSeparator().Add(_family.Name).Add(suffix).AddSeparator();
        return ExpositionEntry.Series;
    }
}
