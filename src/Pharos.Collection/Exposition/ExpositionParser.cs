using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition;

/// <summary>Reads the text formats strictly as Prometheus reads them, without allocating for a good line.</summary>
/// <remarks>The spans it hands out point into the body; a fault names its line.</remarks>
public ref struct ExpositionParser : IExpositionParser
{
    private readonly bool _openMetrics;
    private readonly ExpositionScratch? _startTimes;
    private TextCursor _cursor;
    private int _start;
    private int _familyAt;
    private ReadOnlySpan<byte> _family;
    private ReadOnlySpan<byte> _familyType;
    private int _exemplarAt;
    private bool _exemplarTaken;

    /// <param name="startTimes">Given where the <c>_created</c> series are start times and no series: what to keep them in.</param>
    public ExpositionParser(ReadOnlySpan<byte> body, ExpositionFormat format, ExpositionScratch? startTimes = null)
    {
        _openMetrics = format == ExpositionFormat.OpenMetrics;
        _cursor = new TextCursor(body, skipsBlanks: !_openMetrics);
        _startTimes = _openMetrics ? startTimes : null;
        startTimes?.Created.Forget();
    }

    public ReadOnlySpan<byte> Family { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>Name and labels as they stand in the body.</summary>
    public ReadOnlySpan<byte> Series { get; private set; }

    public double Value { get; private set; }

    public long? TimestampMs { get; private set; }

    public readonly long StartTimeMs
    {
        get
        {
            if (_startTimes is null || !CreatedTimes.Has(_familyType))
            {
                return 0;
            }
            _startTimes.Created.Read(_cursor.Body, _familyAt, _family);
            return _startTimes.Created.Of(SeriesText.Of(Series).LabelsHash);
        }
    }

    public readonly ulong ExemplarHash => _exemplarAt == 0 ? 0 : ExemplarText.Hash(_cursor.Body, _exemplarAt);

    public string? Fault { get; private set; }

    /// <summary>The type of the family that was named last.</summary>
    internal readonly ReadOnlySpan<byte> FamilyType => _familyType;

    /// <summary>The family whose type was named last.</summary>
    internal readonly ReadOnlySpan<byte> TypedFamily => _family;

    internal readonly ReadOnlySpan<byte> Body => _cursor.Body;

    /// <summary>Where the current sample's exemplar begins; 0 for none.</summary>
    internal readonly int ExemplarPlace => _exemplarAt;

    public ExpositionEntry Next()
    {
        if (Fault is not null)
        {
            return ExpositionEntry.Fault;
        }
        var entry = _openMetrics ? NextOpenMetrics() : NextPrometheus();
        while (entry == ExpositionEntry.Series && _startTimes is not null && CreatedTimes.Has(_familyType)
            && CreatedTimes.IsCreated(SeriesText.Of(Series).Name, _family))
        {
            entry = NextOpenMetrics();
        }
        return entry;
    }

    /// <summary>The text formats have no native histograms.</summary>
    public readonly NativeHistogram ReadHistogram() => throw new UnreachableException();

    public readonly string ReadText()
    {
        var text = ExpositionText.Unescape(Text, quotes: _openMetrics);
        return text == "untyped" ? "unknown" : text;
    }

    public readonly string ReadFamily() => ExpositionText.Unescape(Family);

    public readonly void ReadLabels(ExposedLabels into) => ReadLabels(Series, into);

    public bool NextExemplar(ExposedExemplar into)
    {
        if (_exemplarAt == 0 || _exemplarTaken)
        {
            return false;
        }
        _exemplarTaken = true;
        ExemplarText.Read(_cursor.Body, _exemplarAt, into);
        return true;
    }

    /// <summary>Fills in the labels of a series of this body.</summary>
    internal readonly void ReadLabels(ReadOnlySpan<byte> series, ExposedLabels into)
    {
        into.Clear();
        var named = series[0] != '{';
        var at = named ? LabelBlock.NameLength(series, colons: true) : 0;
        if (named)
        {
            into.Add(Label.MetricName, Encoding.UTF8.GetString(series[..at]));
        }
        var brace = series[at..].IndexOf((byte)'{');
        if (brace >= 0)
        {
            at += brace + 1;
            LabelBlock.Read(series, ref at, _openMetrics, ref named, into);
        }
        into.NormalizeBounds(_familyType);
    }

    private ExpositionEntry NextPrometheus()
    {
        while (true)
        {
            _cursor.SkipBlanks();
            _start = _cursor.At;
            if (_cursor.IsAtEnd)
            {
                return ExpositionEntry.End;
            }
            switch (_cursor.Body[_cursor.At])
            {
                case (byte)'\n':
                    _cursor.At++;
                    break;
                case (byte)'#':
                    if (MetadataLine.InPrometheusText(ref _cursor) is { } kind)
                    {
                        return ReadMetadata(kind);
                    }
                    _cursor.TakeLine();
                    break;
                default:
                    return ReadSeries();
            }
        }
    }

    private ExpositionEntry NextOpenMetrics()
    {
        _start = _cursor.At;
        var rest = _cursor.Rest;
        if (rest.IsEmpty)
        {
            return Fail("data does not end with # EOF", describe: false);
        }
        if (rest[0] != '#')
        {
            return ReadSeries();
        }
        if (rest.StartsWith("# EOF"u8))
        {
            return rest["# EOF"u8.Length..] is [] or [(byte)'\n']
                ? ExpositionEntry.End : Fail("unexpected data after # EOF", describe: false);
        }
        return MetadataLine.InOpenMetrics(ref _cursor) is { } kind ? ReadMetadata(kind) : Fail("expected a valid start token");
    }

    private ExpositionEntry ReadMetadata(ExpositionEntry kind)
    {
        var quoted = LabelBlock.QuotedLength(_cursor.Rest, newlines: false);
        var length = quoted > 0 ? quoted : LabelBlock.NameLength(_cursor.Rest, colons: true);
        if (length == 0)
        {
            return Fail($"expected metric name after {kind.ToString().ToUpperInvariant()}");
        }
        Family = quoted > 0 ? _cursor.Body.Slice(_cursor.At + 1, quoted - 2) : _cursor.Body.Slice(_cursor.At, length);
        _cursor.At += length;
        if (_openMetrics && (!_cursor.Is(' ') || !_cursor.Rest.Contains((byte)'\n')))
        {
            return Fail($"expected text in {kind.ToString().ToUpperInvariant()}");
        }
        var text = _cursor.TakeLine();
        Text = text.IsEmpty ? text : text[1..];
        if (!Utf8.IsValid(Family) || !Utf8.IsValid(Text))
        {
            return Fail($"{(kind == ExpositionEntry.Help ? "help text" : "metadata")} is not a valid utf8 string");
        }
        return kind switch
        {
            ExpositionEntry.Type when !ExpositionText.IsKnownType(Text, _openMetrics) =>
                Fail($"invalid metric type {ExpositionText.Quote(Text)}", describe: false),
            ExpositionEntry.Unit when !ExpositionText.IsUnitOf(Text, Family) =>
                Fail($"unit {ExpositionText.Quote(Text)} not a suffix of metric {ExpositionText.Quote(Family)}", describe: false),
            ExpositionEntry.Type => KeepType(),
            _ => kind,
        };
    }

    private ExpositionEntry KeepType()
    {
        _family = Family;
        _familyType = Text;
        _familyAt = _cursor.At;
        return ExpositionEntry.Type;
    }

    private ExpositionEntry ReadSeries()
    {
        _exemplarAt = 0;
        _exemplarTaken = false;
        TimestampMs = null;
        var length = LabelBlock.NameLength(_cursor.Rest, colons: true);
        var named = length > 0;
        if (!named && !_cursor.Is('{'))
        {
            return Fail("expected a valid start token");
        }
        _cursor.At += length;
        var end = _cursor.At;
        _cursor.SkipBlanks();
        if (_cursor.Is('{'))
        {
            _cursor.At++;
            if (ReadLabelBlock(ref named) is { } fault)
            {
                return Fail(fault);
            }
            end = _cursor.At;
        }
        Series = _cursor.Body[_start..end];
        if (!named)
        {
            return Fail("metric name not set");
        }
        return _openMetrics ? ReadOpenMetricsEnd() : ReadPrometheusEnd();
    }

    /// <summary>Value, timestamp in whole milliseconds, end of line; blanks and tabs as many as one likes.</summary>
    private ExpositionEntry ReadPrometheusEnd()
    {
        _cursor.SkipBlanks();
        var token = _cursor.TakeUntil("{ \t\n"u8);
        if (token.IsEmpty)
        {
            return Fail("expected value after metric");
        }
        if (!TryReadValue(token, out var value))
        {
            return ExpositionEntry.Fault;
        }
        Value = value;
        _cursor.SkipBlanks();
        if (_cursor.TakeLineEnd())
        {
            return ExpositionEntry.Series;
        }
        var digits = _cursor.Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        token = digits < 0 ? _cursor.Rest : _cursor.Body.Slice(_cursor.At, digits);
        if (token.IsEmpty)
        {
            return Fail("expected timestamp or new record");
        }
        if (!long.TryParse(token, System.Globalization.NumberStyles.None, null, out var timestamp))
        {
            return Fail($"timestamp {ExpositionText.Quote(token)} is out of range");
        }
        _cursor.At += token.Length;
        TimestampMs = timestamp;
        _cursor.SkipBlanks();
        return _cursor.TakeLineEnd() ? ExpositionEntry.Series : Fail("expected next entry after timestamp");
    }

    /// <summary>Value, timestamp in seconds, exemplar, line feed; one blank between them.</summary>
    private ExpositionEntry ReadOpenMetricsEnd()
    {
        if (!TakeSpacedNumber("metric", out var value))
        {
            return ExpositionEntry.Fault;
        }
        Value = value;
        if (_cursor.Is(' ') && !_cursor.Rest.StartsWith(" # {"u8))
        {
            if (!TakeTimestamp(out var timestamp))
            {
                return ExpositionEntry.Fault;
            }
            TimestampMs = timestamp;
        }
        if (_cursor.Rest.StartsWith(" # {"u8))
        {
            return ReadExemplar();
        }
        return TakeOpenMetricsLineEnd("expected next entry");
    }

    /// <summary>Steps over a block of labels whose brace is open; what is wrong with it, or null.</summary>
    private string? ReadLabelBlock(ref bool named)
    {
        var at = _cursor.At;
        var fault = LabelBlock.Read(_cursor.Body, ref at, _openMetrics, ref named, null);
        _cursor.At = at;
        return fault;
    }

    private ExpositionEntry ReadExemplar()
    {
        _cursor.At += " # {"u8.Length;
        _exemplarAt = _cursor.At;
        var named = true;
        if (ReadLabelBlock(ref named) is { } fault)
        {
            return Fail(fault);
        }
        if (!TakeSpacedNumber("exemplar labels", out _))
        {
            return ExpositionEntry.Fault;
        }
        if (_cursor.Is(' ') && !TakeTimestamp(out _))
        {
            return ExpositionEntry.Fault;
        }
        return TakeOpenMetricsLineEnd("expected next entry after exemplar");
    }

    private ExpositionEntry TakeOpenMetricsLineEnd(string expectation)
    {
        if (_cursor.IsAtEnd)
        {
            return Fail("data does not end with # EOF", describe: false);
        }
        return _cursor.TakeLineEnd() ? ExpositionEntry.Series : Fail(expectation);
    }

    private bool TakeSpacedNumber(string after, out double value)
    {
        value = 0;
        if (!_cursor.Is(' ') || _cursor.Rest is [_] or [_, (byte)' ' or (byte)'\n', ..])
        {
            Fail($"expected value after {after}");
            return false;
        }
        _cursor.At++;
        return TryReadValue(_cursor.TakeUntil(" \n"u8), out value);
    }

    private bool TakeTimestamp(out long timestampMs)
    {
        timestampMs = 0;
        if (!TakeSpacedNumber("value", out var seconds))
        {
            return false;
        }
        var milliseconds = seconds * 1000;
        if (!double.IsFinite(seconds))
        {
            Fail("invalid timestamp");
            return false;
        }
        // A cast of what no timestamp can hold saturates; the store then refuses the one sample.
        timestampMs = (long)milliseconds;
        return true;
    }

    private bool TryReadValue(ReadOnlySpan<byte> token, out double value)
    {
        if (ExpositionNumber.TryParse(token, out value))
        {
            return true;
        }
        Fail($"{ExpositionText.Quote(token)} is not a number");
        return false;
    }

    private ExpositionEntry Fail(string what, bool describe = true)
    {
        var line = _cursor.Body[..Math.Min(_start, _cursor.Body.Length)].Count((byte)'\n') + 1;
        var end = Math.Min(_cursor.At + 1, _cursor.Body.Length);
        var got = !_cursor.IsAtEnd ? $", got {ExpositionText.Quote(_cursor.Body[_cursor.At..end])}" : ", got the end of the data";
        Fault = describe
            ? $"{what}{got} while parsing: {ExpositionText.Quote(_cursor.Body[_start..end])} (line {line})"
            : $"{what} (line {line})";
        return ExpositionEntry.Fault;
    }
}
