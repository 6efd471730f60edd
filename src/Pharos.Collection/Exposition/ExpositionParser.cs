using System.Text;
using System.Text.Unicode;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>Reads an exposition entry by entry, strictly as Prometheus reads it, without allocating for a good line.</summary>
/// <remarks>The spans it hands out point into the body. Never throws: a malformed body ends in
/// <see cref="ExpositionEntry.Fault"/> and <see cref="Fault"/> says what is wrong in which line.</remarks>
public ref struct ExpositionParser
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _openMetrics;
    private int _at;
    private int _start;
    private ReadOnlySpan<byte> _familyType;
    private int _exemplarAt;

    public ExpositionParser(ReadOnlySpan<byte> body, ExpositionFormat format)
    {
        _body = body;
        _openMetrics = format == ExpositionFormat.OpenMetrics;
    }

    /// <summary>The family that a type, help or unit entry speaks of.</summary>
    public ReadOnlySpan<byte> Family { get; private set; }

    /// <summary>The type, the escaped help or the unit; decode it with <see cref="ReadText"/>.</summary>
    public ReadOnlySpan<byte> Text { get; private set; }

    /// <summary>The series as it was exposed: name and labels. The same bytes always mean the same series.</summary>
    public ReadOnlySpan<byte> Series { get; private set; }

    public double Value { get; private set; }

    /// <summary>Milliseconds since the Unix epoch, where the sample carries a timestamp.</summary>
    public long? TimestampMs { get; private set; }

    public bool HasExemplar { get; private set; }

    public double ExemplarValue { get; private set; }

    public long? ExemplarTimestampMs { get; private set; }

    /// <summary>What is wrong, with the line; null before a fault.</summary>
    public string? Fault { get; private set; }

    public ExpositionEntry Next()
    {
        if (Fault is not null)
        {
            return ExpositionEntry.Fault;
        }
        return _openMetrics ? NextOpenMetrics() : NextPrometheus();
    }

    /// <summary>The current type (<c>untyped</c> is <c>unknown</c>), help without escapes, or unit.</summary>
    public readonly string ReadText()
    {
        var text = ExpositionText.Unescape(Text, quotes: _openMetrics);
        return text == "untyped" ? "unknown" : text;
    }

    public readonly string ReadFamily() => ExpositionText.Unescape(Family);

    /// <summary>Fills in the labels of the current series, bounds of buckets and quantiles in their canonical form.</summary>
    public readonly void ReadLabels(ExposedLabels into)
    {
        into.Clear();
        var named = Series[0] != '{';
        var at = named ? LabelBlock.NameLength(Series, colons: true) : 0;
        if (named)
        {
            into.Add(Label.MetricName, Encoding.UTF8.GetString(Series[..at]));
        }
        var brace = Series[at..].IndexOf((byte)'{');
        if (brace >= 0)
        {
            at += brace + 1;
            LabelBlock.Read(Series, ref at, _openMetrics, ref named, into);
        }
        into.NormalizeBounds(_familyType);
    }

    /// <summary>Fills in the labels of the current series' exemplar.</summary>
    public readonly void ReadExemplarLabels(ExposedLabels into)
    {
        into.Clear();
        var at = _exemplarAt;
        var named = true;
        LabelBlock.Read(_body, ref at, _openMetrics, ref named, into);
    }

    private ExpositionEntry NextPrometheus()
    {
        while (true)
        {
            SkipBlanks();
            _start = _at;
            if (_at >= _body.Length)
            {
                return ExpositionEntry.End;
            }
            switch (_body[_at])
            {
                case (byte)'\n':
                    _at++;
                    break;
                case (byte)'#':
                    if (!IsPrometheusMetadata(out var kind))
                    {
                        TakeLine();
                        break;
                    }
                    return ReadMetadata(kind);
                default:
                    return ReadSeries();
            }
        }
    }

    private ExpositionEntry NextOpenMetrics()
    {
        _start = _at;
        var rest = _body[_at..];
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
        var kind = rest.StartsWith("# HELP "u8) ? ExpositionEntry.Help
            : rest.StartsWith("# TYPE "u8) ? ExpositionEntry.Type
            : rest.StartsWith("# UNIT "u8) ? ExpositionEntry.Unit : ExpositionEntry.Fault;
        if (kind == ExpositionEntry.Fault)
        {
            return Fail("expected a valid start token");
        }
        _at += "# HELP "u8.Length;
        return ReadMetadata(kind);
    }

    /// <summary>Tells <c># HELP name ...</c> and <c># TYPE name ...</c> from comments, and steps to the name.</summary>
    private bool IsPrometheusMetadata(out ExpositionEntry kind)
    {
        kind = default;
        var rest = _body[(_at + 1)..];
        var words = rest.TrimStart(" \t"u8);
        var isHelp = words.StartsWith("HELP"u8);
        if (words.Length == rest.Length || (!isHelp && !words.StartsWith("TYPE"u8)))
        {
            return false;
        }
        var name = words["HELP"u8.Length..].TrimStart(" \t"u8);
        if (name.Length == words.Length - "HELP"u8.Length)
        {
            return false;
        }
        kind = isHelp ? ExpositionEntry.Help : ExpositionEntry.Type;
        _at = _body.Length - name.Length;
        return true;
    }

    private ExpositionEntry ReadMetadata(ExpositionEntry kind)
    {
        var quoted = LabelBlock.QuotedLength(_body[_at..], newlines: false);
        var length = quoted > 0 ? quoted : LabelBlock.NameLength(_body[_at..], colons: true);
        if (length == 0)
        {
            return Fail($"expected metric name after {kind.ToString().ToUpperInvariant()}");
        }
        Family = quoted > 0 ? _body.Slice(_at + 1, quoted - 2) : _body.Slice(_at, length);
        _at += length;
        if (_openMetrics && (_at >= _body.Length || _body[_at] != ' ' || !_body[_at..].Contains((byte)'\n')))
        {
            return Fail($"expected text in {kind.ToString().ToUpperInvariant()}");
        }
        var text = TakeLine();
        Text = text.IsEmpty ? text : text[1..];
        if (!Utf8.IsValid(Family) || !Utf8.IsValid(Text))
        {
            return Fail($"{(kind == ExpositionEntry.Help ? "help text" : "metadata")} is not a valid utf8 string");
        }
        return kind switch
        {
            ExpositionEntry.Type when !IsKnownType(Text) => Fail($"invalid metric type {Quote(Text)}", describe: false),
            ExpositionEntry.Unit when !IsUnitOf(Text, Family) =>
                Fail($"unit {Quote(Text)} not a suffix of metric {Quote(Family)}", describe: false),
            ExpositionEntry.Type => KeepType(),
            _ => kind,
        };
    }

    private ExpositionEntry KeepType()
    {
        _familyType = Text;
        return ExpositionEntry.Type;
    }

    private ExpositionEntry ReadSeries()
    {
        HasExemplar = false;
        TimestampMs = null;
        var length = LabelBlock.NameLength(_body[_at..], colons: true);
        var named = length > 0;
        if (!named && _body[_at] != '{')
        {
            return Fail("expected a valid start token");
        }
        _at += length;
        var end = _at;
        SkipBlanks();
        if (_at < _body.Length && _body[_at] == '{')
        {
            _at++;
            var fault = LabelBlock.Read(_body, ref _at, _openMetrics, ref named, null);
            if (fault is not null)
            {
                return Fail(fault);
            }
            end = _at;
        }
        Series = _body[_start..end];
        if (!named)
        {
            return Fail("metric name not set");
        }
        return _openMetrics ? ReadOpenMetricsEnd() : ReadPrometheusEnd();
    }

    /// <summary>Value, timestamp in whole milliseconds, end of line; blanks and tabs as many as one likes.</summary>
    private ExpositionEntry ReadPrometheusEnd()
    {
        SkipBlanks();
        var token = TakeUntil("{ \t\n"u8);
        if (token.IsEmpty)
        {
            return Fail("expected value after metric");
        }
        if (!TryReadValue(token, out var value))
        {
            return ExpositionEntry.Fault;
        }
        Value = value;
        SkipBlanks();
        if (AtLineEnd())
        {
            return ExpositionEntry.Series;
        }
        var digits = _body[_at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        token = digits < 0 ? _body[_at..] : _body.Slice(_at, digits);
        if (token.IsEmpty)
        {
            return Fail("expected timestamp or new record");
        }
        if (!long.TryParse(token, System.Globalization.NumberStyles.None, null, out var timestamp))
        {
            return Fail($"timestamp {Quote(token)} is out of range");
        }
        _at += token.Length;
        TimestampMs = timestamp;
        SkipBlanks();
        return AtLineEnd() ? ExpositionEntry.Series : Fail("expected next entry after timestamp");
    }

    /// <summary>Value, timestamp in seconds, exemplar, line feed; one blank between them.</summary>
    private ExpositionEntry ReadOpenMetricsEnd()
    {
        if (!TakeSpacedNumber("metric", out var value))
        {
            return ExpositionEntry.Fault;
        }
        Value = value;
        if (_at < _body.Length && _body[_at] == ' ' && !_body[_at..].StartsWith(" # {"u8))
        {
            if (!TakeTimestamp(out var timestamp))
            {
                return ExpositionEntry.Fault;
            }
            TimestampMs = timestamp;
        }
        if (_body[_at..].StartsWith(" # {"u8))
        {
            return ReadExemplar();
        }
        return TakeOpenMetricsLineEnd("expected next entry");
    }

    private ExpositionEntry ReadExemplar()
    {
        ExemplarTimestampMs = null;
        _at += " # {"u8.Length;
        _exemplarAt = _at;
        var named = true;
        var fault = LabelBlock.Read(_body, ref _at, _openMetrics, ref named, null);
        if (fault is not null)
        {
            return Fail(fault);
        }
        if (!TakeSpacedNumber("exemplar labels", out var value))
        {
            return ExpositionEntry.Fault;
        }
        ExemplarValue = value;
        HasExemplar = true;
        if (_at < _body.Length && _body[_at] == ' ')
        {
            if (!TakeTimestamp(out var timestamp))
            {
                return ExpositionEntry.Fault;
            }
            ExemplarTimestampMs = timestamp;
        }
        return TakeOpenMetricsLineEnd("expected next entry after exemplar");
    }

    private ExpositionEntry TakeOpenMetricsLineEnd(string expectation)
    {
        if (_at >= _body.Length)
        {
            return Fail("data does not end with # EOF", describe: false);
        }
        return AtLineEnd() ? ExpositionEntry.Series : Fail(expectation);
    }

    private bool TakeSpacedNumber(string after, out double value)
    {
        value = 0;
        if (_at + 1 >= _body.Length || _body[_at] != ' ' || _body[_at + 1] is (byte)' ' or (byte)'\n')
        {
            Fail($"expected value after {after}");
            return false;
        }
        _at++;
        return TryReadValue(TakeUntil(" \n"u8), out value);
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
        Fail($"{Quote(token)} is not a number");
        return false;
    }

    private ReadOnlySpan<byte> TakeUntil(ReadOnlySpan<byte> stops)
    {
        var length = _body[_at..].IndexOfAny(stops);
        var token = length < 0 ? _body[_at..] : _body.Slice(_at, length);
        _at += token.Length;
        return token;
    }

    private ReadOnlySpan<byte> TakeLine()
    {
        var line = TakeUntil("\n"u8);
        _at = Math.Min(_at + 1, _body.Length);
        return line;
    }

    private bool AtLineEnd()
    {
        if (_at >= _body.Length)
        {
            return true;
        }
        if (_body[_at] != '\n')
        {
            return false;
        }
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (!_openMetrics && _at < _body.Length && _body[_at] is (byte)' ' or (byte)'\t')
        {
            _at++;
        }
    }

    private ExpositionEntry Fail(string what, bool describe = true)
    {
        var line = _body[..Math.Min(_start, _body.Length)].Count((byte)'\n') + 1;
        var end = Math.Min(_at + 1, _body.Length);
        var got = _at < _body.Length ? $", got {Quote(_body[_at..end])}" : ", got the end of the data";
        Fault = describe
            ? $"{what}{got} while parsing: {Quote(_body[_start..end])} (line {line})"
            : $"{what} (line {line})";
        return ExpositionEntry.Fault;
    }

    /// <summary>Bad bytes may be many; a message shows the first of them.</summary>
    private static string Quote(ReadOnlySpan<byte> text)
    {
        const int MaxShownBytes = 200;
        var shown = Encoding.UTF8.GetString(text.Length > MaxShownBytes ? text[..MaxShownBytes] : text);
        return GoQuote.Quote(shown) + (text.Length > MaxShownBytes ? "..." : "");
    }

    private readonly bool IsKnownType(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("counter"u8) || type.SequenceEqual("gauge"u8) || type.SequenceEqual("histogram"u8)
        || type.SequenceEqual("summary"u8)
        || (_openMetrics
            ? type.SequenceEqual("gaugehistogram"u8) || type.SequenceEqual("info"u8) || type.SequenceEqual("stateset"u8)
                || type.SequenceEqual("unknown"u8)
            : type.SequenceEqual("untyped"u8));

    private static bool IsUnitOf(ReadOnlySpan<byte> unit, ReadOnlySpan<byte> family) =>
        unit.IsEmpty || (family.Length > unit.Length && family.EndsWith(unit) && family[^(unit.Length + 1)] == '_');
}
