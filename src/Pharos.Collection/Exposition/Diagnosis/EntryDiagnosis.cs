using System.Globalization;
using System.Text.Unicode;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition.Diagnosis;

/// <summary>Says in Prometheus' own words what is wrong with a text body: the plain twin of <see cref="ExpositionParser"/>.</summary>
/// <remarks>Reads token by token as model/textparse/promparse.go and openmetricsparse.go do. Where the parser finds a fault it
/// asks here for the message; tests let both read the same bodies and find them of one mind.</remarks>
internal ref struct EntryDiagnosis
{
    private readonly bool _openMetrics;
    private LineTokens _tokens;
    private int _entry;
    private string? _fault;

    private EntryDiagnosis(ReadOnlySpan<byte> body, int at, bool openMetrics)
    {
        _openMetrics = openMetrics;
        _tokens = new LineTokens(body, at, openMetrics);
    }

    /// <summary>The first fault at or behind the beginning of an entry; null where there is none.</summary>
    /// <param name="series">The series before the fault.</param>
    public static string? Explain(ReadOnlySpan<byte> body, int at, bool openMetrics, out int series)
    {
        series = 0;
        var diagnosis = new EntryDiagnosis(body, at, openMetrics);
        while (diagnosis.Read(ref series))
        {
        }
        return diagnosis._fault;
    }

    /// <summary>Reads an entry; false at the end and where it is bad.</summary>
    private bool Read(ref int series)
    {
        _entry = _tokens.At;
        switch (Next())
        {
            case LineToken.Eof:
                return _openMetrics && Fail("data does not end with # EOF");
            case LineToken.EofWord:
                return Next() != LineToken.Eof && Fail("unexpected data after # EOF");
            case LineToken.LineBreak when !_openMetrics:
                return true;
            case LineToken.Comment when !_openMetrics:
                return Expect(LineToken.LineBreak, "linebreak expected after comment");
            case LineToken.Help:
                return ReadMetadata(LineToken.Help);
            case LineToken.Type:
                return ReadMetadata(LineToken.Type);
            case LineToken.Unit:
                return ReadMetadata(LineToken.Unit);
            case LineToken.BOpen:
                series++;
                return ReadSeries(named: false);
            case LineToken.MName:
                series++;
                return ReadSeries(named: true);
            case var other:
                return FailAt("expected a valid start token", other);
        }
    }

    private bool ReadMetadata(LineToken kind)
    {
        var word = Name(kind);
        if (!Expect(LineToken.MName, $"expected metric name after {word}"))
        {
            return false;
        }
        var family = TokenBytes(0);
        family = family[0] == '"' ? family[1..^1] : family;
        var token = Next();
        if (token != LineToken.Text)
        {
            return Fail($"expected text in {word}" + (_openMetrics ? "" : $", got {Name(token)}"));
        }
        var text = TokenBytes(Math.Min(1, _tokens.At - _tokens.Start));
        text = _openMetrics ? text[..^1] : text;
        return kind switch
        {
            LineToken.Type when !ExpositionText.IsKnownType(text, _openMetrics) => Fail($"invalid metric type {Quote(text)}"),
            LineToken.Help when !Utf8.IsValid(text) => Fail($"help text {Quote(text)} is not a valid utf8 string"),
            LineToken.Unit when !ExpositionText.IsUnitOf(text, family) =>
                Fail($"unit {Quote(text)} not a suffix of metric {Quote(family)}"),
            _ => _openMetrics || Expect(LineToken.LineBreak, "linebreak expected after metadata"),
        };
    }

    private bool ReadSeries(bool named)
    {
        var token = LineToken.BOpen;
        if (named)
        {
            token = Next();
        }
        if (token == LineToken.BOpen)
        {
            if (!ReadLabels(ref named, exemplar: false))
            {
                return false;
            }
            token = Next();
        }
        if (!named)
        {
            return Fail($"metric name not set while parsing: {Quote(Entry(_tokens.At))}");
        }
        return ReadValue(token, "metric") && (_openMetrics ? ReadOpenMetricsEnd() : ReadPrometheusEnd());
    }

    private bool ReadPrometheusEnd()
    {
        var token = Next();
        if (token == LineToken.LineBreak)
        {
            return true;
        }
        if (token != LineToken.Timestamp)
        {
            return FailAt("expected timestamp or new record", token);
        }
        var digits = TokenBytes(0);
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return Fail($"strconv.ParseInt: parsing {Quote(digits)}: value out of range while parsing: {Quote(Entry(_tokens.At))}");
        }
        return Expect(LineToken.LineBreak, "expected next entry after timestamp");
    }

    private bool ReadOpenMetricsEnd()
    {
        switch (Next())
        {
            case LineToken.Eof:
                return Fail("data does not end with # EOF");
            case LineToken.Comment:
                return ReadExemplar();
            case LineToken.Timestamp:
                if (!ReadSeconds("timestamp"))
                {
                    return false;
                }
                var next = Next();
                return next == LineToken.Comment ? ReadExemplar()
                    : next == LineToken.LineBreak || FailAt("expected next entry after timestamp", next);
            default:
                // Prometheus takes the sample as it is, and stumbles over the rest of the line as an entry of its own.
                return true;
        }
    }

    private bool ReadExemplar()
    {
        var named = true;
        if (!ReadLabels(ref named, exemplar: true) || !ReadValue(Next(), "exemplar labels"))
        {
            return false;
        }
        var token = Next();
        return token switch
        {
            LineToken.Eof => Fail("data does not end with # EOF"),
            LineToken.LineBreak => true,
            LineToken.Timestamp => ReadSeconds("exemplar timestamp")
                && Expect(LineToken.LineBreak, "expected next entry after exemplar timestamp"),
            _ => FailAt("expected timestamp or comment", token),
        };
    }

    private bool ReadLabels(ref bool named, bool exemplar)
    {
        var token = Next();
        while (token != LineToken.BClose)
        {
            if (token is not (LineToken.LName or LineToken.QString))
            {
                return FailAt("expected label name", token);
            }
            var quoted = token == LineToken.QString;
            token = Next();
            if (quoted && token is LineToken.Comma or LineToken.BClose && exemplar)
            {
                return FailAt("expected label name", token);
            }
            if (quoted && token is LineToken.Comma or LineToken.BClose)
            {
                if (named)
                {
                    return Fail($"metric name already set while parsing: {Quote(Entry(_tokens.At))}");
                }
                named = true;
                token = token == LineToken.Comma ? Next() : token;
                continue;
            }
            if (!ReadLabelValue(token))
            {
                return false;
            }
            token = Next();
            if (token == LineToken.Comma)
            {
                token = Next();
            }
            else if (_openMetrics && token != LineToken.BClose)
            {
                return FailAt("expected comma or brace close", token);
            }
        }
        return true;
    }

    private bool ReadLabelValue(LineToken equal)
    {
        if (equal != LineToken.Equal)
        {
            return FailAt("expected equal", equal);
        }
        return Expect(LineToken.LValue, "expected label value")
            && (Utf8.IsValid(TokenBytes(0)) || Fail($"invalid UTF-8 label value: {Quote(TokenBytes(0))}"));
    }

    private bool ReadValue(LineToken token, string after) =>
        token == LineToken.Value
            ? ReadNumber(TokenBytes(_openMetrics ? 1 : 0), out _)
            : FailAt($"expected value after {after}", token);

    private bool ReadSeconds(string what)
    {
        if (!ReadNumber(TokenBytes(1), out var seconds))
        {
            return false;
        }
        return double.IsFinite(seconds) || Fail($"invalid {what} {GoFloat.FormatG(seconds)}");
    }

    private bool ReadNumber(ReadOnlySpan<byte> text, out double value) =>
        ExpositionNumber.TryParse(text, out value)
        || Fail($"{ExpositionNumber.Problem(text)} while parsing: {Quote(Entry(_tokens.At))}");

    private bool Expect(LineToken wanted, string message)
    {
        var token = Next();
        return token == wanted || FailAt(message, token);
    }

    private LineToken Next()
    {
        var token = _tokens.Next();
        while (token == LineToken.Whitespace)
        {
            token = _tokens.Next();
        }
        return token;
    }

    private readonly byte[] TokenBytes(int from) => _tokens.Bytes(_tokens.Start + from, _tokens.At);

    private readonly byte[] Entry(int end) => _tokens.Bytes(_entry, end);

    /// <summary>Shows the token, and one byte more.</summary>
    private bool FailAt(string message, LineToken token)
    {
        var end = Math.Min(_tokens.Length, _tokens.At + 1);
        return Fail($"{message}, got {Quote(_tokens.Bytes(_tokens.Start, end))} (\"{Name(token)}\") while parsing: {Quote(Entry(end))}");
    }

    private bool Fail(string message)
    {
        _fault = message;
        return false;
    }

    private static string Name(LineToken token) => token.ToString().ToUpperInvariant();

    private static string Quote(ReadOnlySpan<byte> text) => ExpositionText.Quote(text);
}
