using System.Numerics;
using System.Text;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>Goes over one line's JSON from quote to quote. Each step says false where something is not as it mostly is; the walk ends then.</summary>
/// <remarks>Takes nothing that <see cref="Stages.JsonLineReader"/> would refuse.</remarks>
internal ref struct JsonWalk
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly ReadOnlySpan<ulong> _map;
    private int _at;
    private int _word;
    private ulong _marks;

    /// <param name="text">Ends where the line ends.</param>
    /// <param name="map">Of the text, or of one that goes on.</param>
    /// <param name="start">Of the line in the text.</param>
    public JsonWalk(ReadOnlySpan<byte> text, ReadOnlySpan<ulong> map, int start)
    {
        _text = text;
        _map = map;
        (_at, _word) = (start, start >> 6);
        _marks = _word < map.Length ? map[_word] & (ulong.MaxValue << (start & 63)) : 0;
    }

    /// <summary>Whether a symbol comes next, behind blanks.</summary>
    public bool IsAt(byte symbol)
    {
        while (_at < _text.Length)
        {
            var next = _text[_at];
            if (next is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                return next == symbol;
            }
            _at++;
        }
        return false;
    }

    public bool Take(byte symbol)
    {
        if (!IsAt(symbol))
        {
            return false;
        }
        _at++;
        return true;
    }

    /// <param name="text">Between the quotes, escapes as they are.</param>
    /// <param name="isEscaped">Whether there are escapes.</param>
    public bool TakeText(out ReadOnlySpan<byte> text, out bool isEscaped)
    {
        text = default;
        isEscaped = false;
        if (!IsAt((byte)'"'))
        {
            return false;
        }
        var start = NextMark() + 1;
        var end = NextMark();
        while (end < _text.Length && _text[end] == '\\')
        {
            isEscaped = true;
            if (end + 1 >= _text.Length)
            {
                return false;
            }
            if (_text[end + 1] is (byte)'"' or (byte)'\\')
            {
                NextMark();
            }
            end = NextMark();
        }
        if (end >= _text.Length)
        {
            return false;
        }
        text = _text[start..end];
        _at = end + 1;
        return true;
    }

    /// <summary>Takes a text, a number or a truth value.</summary>
    /// <param name="value">As it will be in a label, unless <paramref name="isOdd"/>.</param>
    /// <param name="isOdd">Whether the stages would change its bytes.</param>
    public bool TakeScalar(out ReadOnlySpan<byte> value, out bool isOdd)
    {
        if (IsAt((byte)'"'))
        {
            var isWhole = TakeText(out value, out isOdd);
            isOdd |= !Ascii.IsValid(value);
            return isWhole;
        }
        isOdd = false;
        return TakeBare(out value) && value[0] != 'n';
    }

    /// <summary>Takes any value but an object.</summary>
    public bool SkipPlainValue()
    {
        if (IsAt((byte)'"'))
        {
            return TakeText(out _, out _);
        }
        return IsAt((byte)'[') ? SkipArray() : TakeBare(out _);
    }

    /// <summary>Takes a number, a truth value or null.</summary>
    private bool TakeBare(out ReadOnlySpan<byte> value)
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
        {
            if (_text[_at] is (byte)'"' or (byte)'\\')
            {
                value = default;
                return false;
            }
            _at++;
        }
        value = _text[start.._at];
        return !value.IsEmpty && value[0] switch
        {
            (byte)'t' => value.SequenceEqual("true"u8),
            (byte)'f' => value.SequenceEqual("false"u8),
            (byte)'n' => value.SequenceEqual("null"u8),
            var first => first == '-' || char.IsAsciiDigit((char)first),
        };
    }

    /// <summary>Only its end is looked for: what is inside is no label.</summary>
    private bool SkipArray()
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            switch (_text[_at])
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
            _at++;
            if (depth == 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The place of the next quote or backslash; behind all text where there is none.</summary>
    private int NextMark()
    {
        while (_marks == 0)
        {
            if (++_word >= _map.Length)
            {
                return int.MaxValue;
            }
            _marks = _map[_word];
        }
        var place = (_word << 6) + BitOperations.TrailingZeroCount(_marks);
        _marks &= _marks - 1;
        return place;
    }
}
