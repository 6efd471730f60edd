using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Pharos.Collection.Exposition.Diagnosis;
using Pharos.Collection.Hashing;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition;

/// <summary>Reads the text formats strictly as Prometheus reads them, without allocating for a good line.</summary>
/// <remarks>The spans it hands out point into the body. What is wrong with a bad line <see cref="EntryDiagnosis"/> says.</remarks>
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
    private bool _hasBadRest;

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

    /// <summary>Where the bad entry begins, counted from 1; 0 before a fault.</summary>
    public int FaultLine { get; private set; }

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

    /// <summary>The way of nearly every line. What was read as a series once is read as one again, if what follows it can only be its
    /// value; anything unusual is left to <see cref="Next"/>.</summary>
    public bool TryNext(TextHash expected, TextHasher hasher)
    {
        var length = expected.Length;
        var start = _cursor.At;
        if (length == 0 || _startTimes is not null || _hasBadRest || _cursor.Body.Length - start < length + 2
            || !ExpositionNumber.IsStart(_cursor.Body[start + length + 1]) || _cursor.Body[start + length] != ' '
            || hasher.HashOf(_cursor.Body.Slice(start, length)) != expected || Fault is not null)
        {
            return false;
        }
        _start = start;
        Series = _cursor.Body.Slice(start, length);
        if (TryPlainEnd(start + length + 1))
        {
            return true;
        }
        _cursor.At = start + length;
        if (ReadEnd())
        {
            return true;
        }
        _cursor.At = start;
        return false;
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
            LabelBlock.Read(series, ref at, Syntax, ref named, into);
        }
        into.NormalizeBounds(_familyType);
    }

    private readonly LabelSyntax Syntax => _openMetrics ? LabelSyntax.OpenMetrics : LabelSyntax.Prometheus;

    private ExpositionEntry NextPrometheus()
    {
        while (true)
        {
            _start = _cursor.At;
            _cursor.SkipBlanks();
            // Prometheus, too, takes a line that begins with a zero byte for the end.
            if (_cursor.IsAtEnd || _cursor.Is('\0'))
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
        if (_hasBadRest)
        {
            return Fail();
        }
        _start = _cursor.At;
        var rest = _cursor.Rest;
        if (rest.IsEmpty)
        {
            return Fail();
        }
        if (rest[0] != '#')
        {
            return ReadSeries();
        }
        if (rest.StartsWith("# EOF"u8))
        {
            return rest["# EOF"u8.Length..] is [] or [(byte)'\n'] ? ExpositionEntry.End : Fail();
        }
        return MetadataLine.InOpenMetrics(ref _cursor) is { } kind ? ReadMetadata(kind) : Fail();
    }

    private ExpositionEntry ReadMetadata(ExpositionEntry kind)
    {
        var quoted = LabelBlock.QuotedLength(_cursor.Rest, newlines: true, zeros: false);
        var length = quoted > 0 ? quoted : LabelBlock.NameLength(_cursor.Rest, colons: true);
        if (length == 0)
        {
            return Fail();
        }
        Family = quoted > 0 ? _cursor.Body.Slice(_cursor.At + 1, quoted - 2) : _cursor.Body.Slice(_cursor.At, length);
        _cursor.At += length;
        if (_openMetrics ? !_cursor.Is(' ') || !_cursor.Rest.Contains((byte)'\n') : _cursor.Is('\0'))
        {
            return Fail();
        }
        var text = _cursor.TakeLine();
        var isBlank = !_openMetrics && !text.ContainsAnyExcept(" \t"u8);
        Text = isBlank ? [] : text[1..];
        return kind switch
        {
            ExpositionEntry.Type when !ExpositionText.IsKnownType(Text, _openMetrics) => Fail(),
            ExpositionEntry.Unit when !ExpositionText.IsUnitOf(Text, Family) => Fail(),
            ExpositionEntry.Help when !Utf8.IsValid(Text) => Fail(),
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
        var start = _cursor.At;
        var length = LabelBlock.NameLength(_cursor.Rest, colons: true);
        var named = length > 0;
        if (!named && !_cursor.Is('{'))
        {
            return Fail();
        }
        _cursor.At += length;
        var end = _cursor.At;
        _cursor.SkipBlanks();
        if (_cursor.Is('{'))
        {
            _cursor.At++;
            if (!ReadLabelBlock(Syntax, ref named))
            {
                return Fail();
            }
            end = _cursor.At;
        }
        Series = _cursor.Body[start..end];
        return named && ReadEnd() ? ExpositionEntry.Series : Fail();
    }

    /// <summary>What follows the text of a series.</summary>
    private bool ReadEnd()
    {
        _exemplarAt = 0;
        _exemplarTaken = false;
        TimestampMs = null;
        return _openMetrics ? ReadOpenMetricsEnd() : ReadPrometheusEnd();
    }

    /// <summary>The end of nearly every line, the same in both formats: a number and nothing behind it.</summary>
    /// <returns>False where there is more to see, or less.</returns>
    private bool TryPlainEnd(int at)
    {
        var rest = _cursor.Body[at..];
        var length = ExpositionNumber.ReadPlain(rest, out var value);
        if (length == 0 || rest[length] != '\n')
        {
            return false;
        }
        _exemplarAt = 0;
        _exemplarTaken = false;
        TimestampMs = null;
        Value = value;
        _cursor.At = at + length + 1;
        return true;
    }

    /// <summary>Value, timestamp in whole milliseconds, end of line; blanks and tabs as many as one likes.</summary>
    private bool ReadPrometheusEnd()
    {
        _cursor.SkipBlanks();
        var plain = ExpositionNumber.ReadPlain(_cursor.Rest, out var value);
        _cursor.At += plain;
        if (plain == 0 && !ExpositionNumber.TryParse(_cursor.TakeUntil("{ \t\n\0"u8), out value))
        {
            return false;
        }
        Value = value;
        _cursor.SkipBlanks();
        if (_cursor.TakeLineEnd())
        {
            return true;
        }
        var digits = _cursor.Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var token = digits < 0 ? _cursor.Rest : _cursor.Body.Slice(_cursor.At, digits);
        if (!long.TryParse(token, System.Globalization.NumberStyles.None, null, out var timestamp))
        {
            return false;
        }
        _cursor.At += token.Length;
        TimestampMs = timestamp;
        _cursor.SkipBlanks();
        return _cursor.TakeLineEnd();
    }

    /// <summary>Value, timestamp in seconds, exemplar, line feed; one blank between them.</summary>
    private bool ReadOpenMetricsEnd()
    {
        if (!TakeSpacedNumber(out var value))
        {
            return false;
        }
        Value = value;
        if (_cursor.Is('\n') || _cursor.IsAtEnd)
        {
            return TakeOpenMetricsLineEnd();
        }
        if (_cursor.Rest.StartsWith(" # {"u8))
        {
            return ReadExemplar();
        }
        if (!IsSpacedToken())
        {
            // Prometheus takes the sample all the same, and stumbles over the rest of the line as if it were the next one.
            _hasBadRest = true;
            return true;
        }
        if (!TakeSeconds(out var seconds))
        {
            return false;
        }
        // A cast of what no timestamp can hold saturates; the store then refuses the one sample.
        TimestampMs = (long)(seconds * 1000);
        return _cursor.Rest.StartsWith(" # {"u8) ? ReadExemplar() : TakeOpenMetricsLineEnd();
    }

    /// <summary>Steps over a block of labels whose brace is open; false where it is malformed.</summary>
    private bool ReadLabelBlock(LabelSyntax syntax, ref bool named)
    {
        var at = _cursor.At;
        var isGood = LabelBlock.Read(_cursor.Body, ref at, syntax, ref named, null);
        _cursor.At = at;
        return isGood;
    }

    private bool ReadExemplar()
    {
        _cursor.At += " # {"u8.Length;
        _exemplarAt = _cursor.At;
        var named = true;
        return ReadLabelBlock(LabelSyntax.Exemplar, ref named) && TakeSpacedNumber(out _)
            && (!_cursor.Is(' ') || TakeSeconds(out _)) && TakeOpenMetricsLineEnd();
    }

    private bool TakeOpenMetricsLineEnd() => !_cursor.IsAtEnd && _cursor.TakeLineEnd();

    /// <summary>Whether a blank and something else than a comment follow.</summary>
    private readonly bool IsSpacedToken() =>
        _cursor.Is(' ') && _cursor.Rest is [_, not ((byte)' ' or (byte)'\n' or 0), ..] && !_cursor.Rest.StartsWith(" # "u8);

    private bool TakeSpacedNumber(out double value)
    {
        value = 0;
        if (!_cursor.Is(' '))
        {
            return false;
        }
        _cursor.At++;
        var plain = ExpositionNumber.ReadPlain(_cursor.Rest, out value);
        _cursor.At += plain;
        return plain > 0 || ExpositionNumber.TryParse(_cursor.TakeUntil(" \n\0"u8), out value);
    }

    private bool TakeSeconds(out double seconds) => TakeSpacedNumber(out seconds) && double.IsFinite(seconds);

    private ExpositionEntry Fail()
    {
        FaultLine = _cursor.Body[..Math.Min(_start, _cursor.Body.Length)].Count((byte)'\n') + 1;
        Fault = EntryDiagnosis.Explain(_cursor.Body, _start, _openMetrics, out _);
        Debug.Assert(Fault is not null, "the plain twin finds nothing wrong");
        Fault ??= $"line {FaultLine} is malformed";
        return ExpositionEntry.Fault;
    }
}
