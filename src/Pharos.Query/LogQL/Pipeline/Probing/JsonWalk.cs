namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>Goes over one line's JSON. Each step says false where something is not as it mostly is; the walk ends then.</summary>
/// <remarks>Takes nothing that <see cref="Stages.JsonLineReader"/> would refuse.</remarks>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _end;

    /// <param name="text">May go on behind the line.</param>
    /// <param name="start">Of the line.</param>
    /// <param name="end">Of the line.</param>
    public JsonWalk(ReadOnlySpan<byte> text, int start, int end)
    {
        _text = text;
        _end = end;
        At = start;
    }

    /// <summary>How far it has gone.</summary>
    public int At { get; private set; }

    /// <summary>What stands next.</summary>
    public readonly JsonFieldKind Kind => At >= _end ? JsonFieldKind.Other : _text[At] switch
    {
        (byte)'"' => JsonFieldKind.Text,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonFieldKind.Number,
        _ => JsonFieldKind.Other,
    };

    /// <summary>Passes over bytes that are known.</summary>
    public void Pass(int bytes) => At += bytes;

    /// <summary>The field that follows one here, if it is one of those that mostly do.</summary>
    public readonly JsonField? After(JsonField field) => field.After(_text, At, _end);

    /// <summary>What lies between a place and where the walk is.</summary>
    public readonly ReadOnlySpan<byte> Since(int start) => _text[start..At];

    /// <summary>Whether a symbol comes next, behind blanks.</summary>
    public bool IsAt(byte symbol)
    {
        while (At < _end)
        {
            var next = _text[At];
            if (next is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return next == symbol;
            }
            At++;
        }
        return false;
    }

    public bool Take(byte symbol)
    {
        if (!IsAt(symbol))
        {
            return false;
        }
        At++;
        return true;
    }

    /// <summary>Takes a text whose first quote has been taken.</summary>
    /// <param name="text">Up to its last quote, escapes as they are.</param>
    /// <param name="isEscaped">Whether there are escapes.</param>
    public bool TakeText(out ReadOnlySpan<byte> text, out bool isEscaped)
    {
        var end = JsonBytes.TextEnd(_text, At, _end, out isEscaped);
        if (end < 0)
        {
            text = default;
            return false;
        }
        text = _text[At..end];
        At = end + 1;
        return true;
    }

    /// <summary>Takes what begins as a number does.</summary>
    public bool TakeNumber(out ReadOnlySpan<byte> value)
    {
        var start = At;
        At = JsonBytes.DigitsEnd(_text, start, _end);
        return TakeRest(start, out value);
    }

    /// <summary>Takes a truth value, null or an array.</summary>
    /// <param name="value">As it will be in a label; empty where it is null or an array, which are no labels.</param>
    public bool TakeOther(out ReadOnlySpan<byte> value)
    {
        if (IsAt((byte)'['))
        {
            value = default;
            return SkipArray();
        }
        if (!TakeRest(At, out value))
        {
            return false;
        }
        if (value.SequenceEqual("null"u8))
        {
            value = default;
            return true;
        }
        return value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8);
    }

    /// <summary>Takes the rest of what has no quotes around it.</summary>
    private bool TakeRest(int start, out ReadOnlySpan<byte> value)
    {
        while (At < _end && _text[At] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
        {
            if (_text[At] is (byte)'"' or (byte)'\\')
            {
                value = default;
                return false;
            }
            At++;
        }
        value = _text[start..At];
        return true;
    }

    /// <summary>Only its end is looked for: what is inside is no label.</summary>
    private bool SkipArray()
    {
        var depth = 0;
        while (At < _end)
        {
            switch (_text[At++])
            {
                case (byte)'"':
                    if (!TakeText(out _, out _))
                    {
                        return false;
                    }
                    continue;
                case (byte)'\\':
                    return false;
                case (byte)'[' or (byte)'{':
                    depth++;
                    break;
                case (byte)']' or (byte)'}':
                    depth--;
                    break;
            }
            if (depth == 0)
            {
                return true;
            }
        }
        return false;
    }
}
