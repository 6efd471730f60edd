namespace Pharos.Collection.Exposition.Diagnosis;

/// <summary>Cuts a text body into tokens as Prometheus' lexers do, so that a message about a bad line can show the very
/// bytes at which Prometheus stops.</summary>
/// <remarks>Prometheus: model/textparse/promlex.l and openmetricslex.l. Their machines take the longest token and never step
/// back: one that gets stuck leaves <see cref="At"/> on the byte that it could not take. Only bad bodies come here.</remarks>
internal ref struct LineTokens
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly bool _openMetrics;
    private LineState _state;

    public LineTokens(ReadOnlySpan<byte> body, int at, bool openMetrics)
    {
        _body = body;
        _openMetrics = openMetrics;
        Start = At = at;
    }

    /// <summary>Where the current token begins.</summary>
    public int Start { get; private set; }

    /// <summary>Behind the current token.</summary>
    public int At { get; private set; }

    /// <summary>Prometheus puts a line feed behind a body of its own text format.</summary>
    public readonly int Length => _openMetrics ? _body.Length : _body.Length + 1;

    private readonly byte Current => At >= Length ? (byte)0 : At < _body.Length ? _body[At] : (byte)'\n';

    public readonly byte[] Bytes(int start, int end)
    {
        var cut = Math.Min(end, _body.Length);
        return end > cut ? [.. _body[start..cut], (byte)'\n'] : _body[start..cut].ToArray();
    }

    public LineToken Next()
    {
        if (At >= Length)
        {
            return LineToken.Eof;
        }
        Start = At;
        return _openMetrics ? NextOpenMetrics() : NextPrometheus();
    }

    private LineToken NextPrometheus()
    {
        if (IsBlank(Current) && !(_state == LineState.Text && HasTextBeyondBlanks()))
        {
            SkipBlanks();
            return LineToken.Whitespace;
        }
        switch (_state)
        {
            case LineState.Start:
                return StartPrometheusLine();
            case LineState.Family:
                return TakeFamily();
            case LineState.Text:
                while (Current is not (0 or (byte)'\n'))
                {
                    Step();
                }
                return Become(LineState.Start, LineToken.Text);
            case LineState.Labels:
                return TakeInLabels(newlines: true, afterEqual: LineState.LabelValue, afterBrace: LineState.Value);
            case LineState.LabelValue:
                return TakeQuoted(newlines: true) ? Become(LineState.Labels, LineToken.LValue) : LineToken.Invalid;
            case LineState.Value:
                if (Current == '{')
                {
                    Step();
                    return Become(LineState.Labels, LineToken.BOpen);
                }
                return TakeRun("{ \t\n\0"u8) ? Become(LineState.Timestamp, LineToken.Value) : LineToken.Invalid;
            default:
                return TakeDigits() ? LineToken.Timestamp : TakeLineBreak();
        }
    }

    private LineToken NextOpenMetrics()
    {
        switch (_state)
        {
            case LineState.Start:
                return StartOpenMetricsLine();
            case LineState.Family:
                return TakeFamily();
            case LineState.Text:
                return TakeText();
            case LineState.Labels:
                return TakeInLabels(newlines: true, afterEqual: LineState.LabelValue, afterBrace: LineState.Value);
            case LineState.LabelValue:
                return TakeQuoted(newlines: false) ? Become(LineState.Labels, LineToken.LValue) : LineToken.Invalid;
            case LineState.Value when Current == '{':
                Step();
                return Become(LineState.Labels, LineToken.BOpen);
            case LineState.Value:
                return TakeSpacedRun() ? Become(LineState.Timestamp, LineToken.Value) : LineToken.Invalid;
            case LineState.Timestamp:
                return Current == ' ' ? TakeTimestampOrComment() : TakeLineBreak();
            case LineState.ExemplarLabels:
                return TakeInLabels(newlines: false, afterEqual: LineState.ExemplarValue, afterBrace: LineState.ExemplarValue);
            case LineState.ExemplarValue when Current == '"':
                return TakeQuoted(newlines: false) ? Become(LineState.ExemplarLabels, LineToken.LValue) : LineToken.Invalid;
            case LineState.ExemplarValue:
                return TakeSpacedRun() ? Become(LineState.ExemplarTimestamp, LineToken.Value) : LineToken.Invalid;
            default:
                return Current != ' ' ? TakeLineBreak() : TakeSpacedRun() ? LineToken.Timestamp : LineToken.Invalid;
        }
    }

    private LineToken StartPrometheusLine()
    {
        switch (Current)
        {
            case 0:
                // A line that begins with a zero byte ends the body.
                Step();
                return LineToken.Eof;
            case (byte)'\n':
                return TakeLineBreak();
            case (byte)'#':
                Step();
                if (!IsBlank(Current))
                {
                    return TakeComment();
                }
                SkipBlanks();
                _state = LineState.Comment;
                return TakeMetadataWord() ?? TakeComment();
            default:
                return TakeSeriesStart();
        }
    }

    private LineToken StartOpenMetricsLine()
    {
        if (Current != '#')
        {
            return TakeSeriesStart();
        }
        Step();
        if (Current != ' ')
        {
            return LineToken.Invalid;
        }
        Step();
        _state = LineState.Comment;
        if (Current == 'E')
        {
            return TakeEofWord();
        }
        return TakeMetadataWord() ?? LineToken.Invalid;
    }

    private LineToken TakeSeriesStart()
    {
        if (Current == '{')
        {
            Step();
            return Become(LineState.Labels, LineToken.BOpen);
        }
        return TakeName(colons: true) ? Become(LineState.Value, LineToken.MName) : LineToken.Invalid;
    }

    private LineToken TakeFamily()
    {
        var taken = Current == '"' ? TakeQuoted(newlines: true) : TakeName(colons: true);
        return taken ? Become(LineState.Text, LineToken.MName) : LineToken.Invalid;
    }

    private LineToken TakeText()
    {
        if (Current != ' ')
        {
            return LineToken.Invalid;
        }
        do
        {
            Step();
        }
        while (Current is not (0 or (byte)'\n'));
        if (Current == 0)
        {
            return LineToken.Invalid;
        }
        At++;
        return Become(LineState.Start, LineToken.Text);
    }

    private LineToken TakeInLabels(bool newlines, LineState afterEqual, LineState afterBrace)
    {
        switch (Current)
        {
            case (byte)'"':
                return TakeQuoted(newlines) ? LineToken.QString : LineToken.Invalid;
            case (byte)'}':
                Step();
                return Become(afterBrace, LineToken.BClose);
            case (byte)'=':
                Step();
                return Become(afterEqual, LineToken.Equal);
            case (byte)',':
                Step();
                return LineToken.Comma;
            default:
                return TakeName(colons: false) ? LineToken.LName : LineToken.Invalid;
        }
    }

    private LineToken TakeTimestampOrComment()
    {
        Step();
        if (Current == '#')
        {
            Step();
            if (Current == ' ')
            {
                Step();
                if (Current != '{')
                {
                    return LineToken.Invalid;
                }
                Step();
                return Become(LineState.ExemplarLabels, LineToken.Comment);
            }
            TakeRun(" \n\0"u8);
            return LineToken.Timestamp;
        }
        return TakeRun(" \n\0"u8) ? LineToken.Timestamp : LineToken.Invalid;
    }

    private LineToken TakeLineBreak()
    {
        if (Current != '\n')
        {
            return LineToken.Invalid;
        }
        Step();
        return Become(LineState.Start, LineToken.LineBreak);
    }

    /// <summary>A comment of Prometheus' text format ends before its line feed.</summary>
    /// <remarks>In Prometheus a zero byte in a comment ends the body without a word; here it does not.</remarks>
    private LineToken TakeComment()
    {
        while (Current != '\n')
        {
            Step();
        }
        return Become(LineState.Start, LineToken.Comment);
    }

    private LineToken TakeEofWord()
    {
        foreach (var letter in "EOF"u8)
        {
            if (Current != letter)
            {
                return LineToken.Invalid;
            }
            Step();
        }
        if (Current == '\n')
        {
            Step();
        }
        return Become(LineState.Start, LineToken.EofWord);
    }

    private LineToken? TakeMetadataWord() => Current switch
    {
        (byte)'H' => TakeWord("HELP"u8, LineToken.Help),
        (byte)'T' => TakeWord("TYPE"u8, LineToken.Type),
        (byte)'U' when _openMetrics => TakeWord("UNIT"u8, LineToken.Unit),
        _ => null,
    };

    /// <summary>Null where another word stands here; it is taken up to the letter that differs.</summary>
    private LineToken? TakeWord(ReadOnlySpan<byte> word, LineToken token)
    {
        foreach (var letter in word)
        {
            if (Current != letter)
            {
                return null;
            }
            Step();
        }
        if (Current != ' ' && (_openMetrics || Current != '\t'))
        {
            return null;
        }
        Step();
        while (!_openMetrics && IsBlank(Current))
        {
            Step();
        }
        return Become(LineState.Family, token);
    }

    private bool TakeName(bool colons)
    {
        var start = At;
        while (char.IsAsciiLetter((char)Current) || Current == '_' || (colons && Current == ':')
            || (At > start && char.IsAsciiDigit((char)Current)))
        {
            Step();
        }
        return At > start;
    }

    private bool TakeDigits()
    {
        var start = At;
        while (char.IsAsciiDigit((char)Current))
        {
            Step();
        }
        return At > start;
    }

    private bool TakeSpacedRun()
    {
        if (Current != ' ')
        {
            return false;
        }
        Step();
        return TakeRun(" \n\0"u8);
    }

    private bool TakeRun(ReadOnlySpan<byte> stops)
    {
        var start = At;
        while (!stops.Contains(Current))
        {
            Step();
        }
        return At > start;
    }

    private bool TakeQuoted(bool newlines)
    {
        if (Current != '"')
        {
            return false;
        }
        Step();
        while (Current != '"')
        {
            if (Current == '\\')
            {
                Step();
                if (Current == '\n')
                {
                    return false;
                }
            }
            if (Current == 0 || (Current == '\n' && !newlines))
            {
                return false;
            }
            Step();
        }
        At++;
        return true;
    }

    private LineToken Become(LineState state, LineToken token)
    {
        _state = state;
        return token;
    }

    /// <summary>Zero bytes are passed over inside of texts. (Prometheus passes over those right behind a text, too.)</summary>
    private void Step()
    {
        At++;
        while (At < _body.Length && _body[At] == 0 && (_state is LineState.LabelValue or LineState.Text))
        {
            At++;
        }
    }

    private void SkipBlanks()
    {
        while (IsBlank(Current))
        {
            Step();
        }
    }

    private readonly bool HasTextBeyondBlanks()
    {
        var at = At;
        while (at < _body.Length && IsBlank(_body[at]))
        {
            at++;
        }
        return at < _body.Length && _body[at] != '\n';
    }

    private static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t';
}
