using Pharos.Collection.Hashing;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition;

/// <summary>Reads a text format and makes native histograms with custom buckets of its classic ones.</summary>
/// <remarks>The series of one histogram must stand together, as they do in every exposition; what follows them ends it.
/// Prometheus: model/textparse/nhcbparse.go.</remarks>
internal ref struct ClassicHistogramParser : IExpositionParser
{
    private readonly bool _keepClassic;
    private readonly ExpositionScratch _scratch;
    private ExpositionParser _inner;
    private bool _collecting;
    private bool _converted;
    private ExpositionEntry _held;
    private ulong _labelsHash;
    private ReadOnlySpan<byte> _first;
    private ReadOnlySpan<byte> _name;
    private long? _timestampMs;
    private long _startTimeMs;
    private NativeHistogram? _histogram;
    private int _exemplar;

    public ClassicHistogramParser(ExpositionParser inner, bool keepClassic, ExpositionScratch scratch)
    {
        _inner = inner;
        _keepClassic = keepClassic;
        _scratch = scratch;
    }

    public readonly ReadOnlySpan<byte> Family => _inner.Family;

    public readonly ReadOnlySpan<byte> Text => _inner.Text;

    public readonly ReadOnlySpan<byte> Series => _converted ? _scratch.Key.Span : _inner.Series;

    public readonly double Value => _inner.Value;

    public readonly long? TimestampMs => _converted ? _timestampMs : _inner.TimestampMs;

    public readonly long StartTimeMs => _converted ? _startTimeMs : _inner.StartTimeMs;

    public readonly ulong ExemplarHash => !_converted ? _inner.ExemplarHash : HashExemplars();

    public readonly string? Fault => _inner.Fault;

    public readonly NativeHistogram ReadHistogram() => _histogram!;

    public readonly string ReadText() => _inner.ReadText();

    public readonly string ReadFamily() => _inner.ReadFamily();

    public ExpositionEntry Next()
    {
        if (_converted)
        {
            _converted = false;
            if (!Swallow(_held))
            {
                return _held;
            }
        }
        while (true)
        {
            var entry = _inner.Next();
            if (_collecting && !IsSameHistogram(entry) && TryConvert())
            {
                _held = entry;
                return ExpositionEntry.Histogram;
            }
            if (!Swallow(entry))
            {
                return entry;
            }
        }
    }

    public readonly bool TryNext(TextHash expected, TextHasher hasher) => false;

    public readonly void ReadLabels(ExposedLabels into)
    {
        if (!_converted)
        {
            _inner.ReadLabels(into);
            return;
        }
        _inner.ReadLabels(_first, into);
        into.Replace("le", null);
        into.Replace(Label.MetricName, ExpositionText.Unescape(_name));
    }

    public bool NextExemplar(ExposedExemplar into)
    {
        if (!_converted)
        {
            return _inner.NextExemplar(into);
        }
        if (_exemplar >= _scratch.ExemplarPlaces.Count)
        {
            return false;
        }
        ExemplarText.Read(_inner.Body, _scratch.ExemplarPlaces[_exemplar++], into);
        return true;
    }

    private readonly bool IsSameHistogram(ExpositionEntry entry)
    {
        if (entry != ExpositionEntry.Series || !_inner.FamilyType.SequenceEqual("histogram"u8))
        {
            return false;
        }
        var series = SeriesText.Of(_inner.Series);
        return series.LabelsHash == _labelsHash && WithoutSuffix(series.Name).SequenceEqual(_name);
    }

    /// <summary>Takes a series of a classic histogram in; true where it is not to be handed on.</summary>
    private bool Swallow(ExpositionEntry entry) =>
        entry == ExpositionEntry.Series && _inner.FamilyType.SequenceEqual("histogram"u8) && Collect() && !_keepClassic;

    private bool Collect()
    {
        var series = SeriesText.Of(_inner.Series);
        var name = WithoutSuffix(series.Name);
        if (name.Length == series.Name.Length || !name.SequenceEqual(_inner.TypedFamily))
        {
            return false;
        }
        var suffix = series.Name[name.Length..];
        var bound = 0d;
        if (suffix.SequenceEqual("_bucket"u8) && (!ExpositionNumber.TryParse(series.Bound, out bound) || double.IsNaN(bound)))
        {
            return false;
        }
        if (!_collecting)
        {
            Begin(name, series.LabelsHash);
        }
        _timestampMs = _inner.TimestampMs;
        if (_inner.ExemplarPlace > 0)
        {
            _scratch.ExemplarPlaces.Add(_inner.ExemplarPlace);
        }
        if (suffix.SequenceEqual("_bucket"u8))
        {
            _scratch.Classic.SetBucket(bound, _inner.Value);
        }
        else if (suffix.SequenceEqual("_count"u8))
        {
            _scratch.Classic.SetCount(_inner.Value);
        }
        else
        {
            _scratch.Classic.SetSum(_inner.Value);
        }
        return true;
    }

    private void Begin(ReadOnlySpan<byte> name, ulong labelsHash)
    {
        _collecting = true;
        _name = name;
        _labelsHash = labelsHash;
        _first = _inner.Series;
        _startTimeMs = _inner.StartTimeMs;
        _exemplar = 0;
        _scratch.Classic.Clear();
        _scratch.ExemplarPlaces.Clear();
    }

    private bool TryConvert()
    {
        _collecting = false;
        _histogram = _scratch.Classic.Convert();
        if (_histogram is null)
        {
            return false;
        }
        _converted = true;
        _scratch.Key.Cut(0);
        _scratch.Key.AddSeparator().Add(_first);
        return true;
    }

    private readonly ulong HashExemplars()
    {
        var hash = 0UL;
        foreach (var place in _scratch.ExemplarPlaces)
        {
            hash = (hash * 31) + ExemplarText.Hash(_inner.Body, place);
        }
        return hash;
    }

    private static ReadOnlySpan<byte> WithoutSuffix(ReadOnlySpan<byte> name) =>
        name.EndsWith("_bucket"u8) ? name[..^"_bucket"u8.Length]
        : name.EndsWith("_count"u8) ? name[..^"_count"u8.Length]
        : name.EndsWith("_sum"u8) ? name[..^"_sum"u8.Length] : name;
}
