using System.Text;
using Pharos.Query.LogQL.Pipeline.Probing;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Reads one line's JSON forward, value by value, as forgiving as Loki's reader: what stands behind the root, and numbers that are
/// none, are not looked at.</summary>
internal ref struct JsonLineReader
{
    public const string NoObject = "Value looks like object, but can't find closing '}' symbol";

    private const string Malformed = "Malformed JSON error";

    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private bool _first;

    public JsonLineReader(ReadOnlySpan<byte> text)
    {
        _text = text;
        SkipBlanks();
    }

    /// <summary>What is wrong; null as long as nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Of the value that stands next.</summary>
    public readonly JsonLineKind Kind => _at >= _text.Length ? JsonLineKind.Bad : _text[_at] switch
    {
        (byte)'"' => JsonLineKind.String,
        (byte)'{' => JsonLineKind.Object,
        (byte)'[' => JsonLineKind.Array,
        (byte)'t' or (byte)'f' => JsonLineKind.Bool,
        (byte)'n' => JsonLineKind.Null,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonLineKind.Number,
        _ => JsonLineKind.Bad,
    };

    /// <summary>How far it has read.</summary>
    public readonly int At => _at;

    /// <summary>The field that stands next, if it is one of those that mostly follow another.</summary>
    public readonly JsonField? After(JsonField field) => field.After(_text, _at, _text.Length);

    /// <summary>What lies between a place and where the reader is.</summary>
    /// <param name="start">The place.</param>
    /// <param name="more">Bytes to see beyond.</param>
    public readonly ReadOnlySpan<byte> Since(int start, int more) => _text[start..(_at + more)];

    /// <summary>Goes to the value of a field that stands next.</summary>
    public void GoTo(JsonField field)
    {
        _at += field.Length - (field.Step.Kind == JsonFieldKind.Text ? 1 : 0);
        _first = false;
    }

    public bool TryEnterObject()
    {
        if (Kind != JsonLineKind.Object)
        {
            return false;
        }
        _at++;
        _first = true;
        return true;
    }

    public bool TryEnterArray()
    {
        if (Kind != JsonLineKind.Array)
        {
            return false;
        }
        _at++;
        _first = true;
        return true;
    }

    /// <summary>Goes to the next value of the object that was entered last; false at its end, or where <see cref="Fault"/> tells why.</summary>
    /// <param name="key">Between its quotes, escapes as they are.</param>
    public bool NextKey(out ReadOnlySpan<byte> key)
    {
        key = default;
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == '}')
        {
            _at++;
            _first = false;
            return false;
        }
        if (!_first && !Take((byte)','))
        {
            return Fail(_at >= _text.Length ? NoObject : Malformed);
        }
        _first = false;
        SkipBlanks();
        if (Kind != JsonLineKind.String || !ReadString(out key))
        {
            return Fail(_at >= _text.Length ? NoObject : Malformed);
        }
        SkipBlanks();
        if (!Take((byte)':'))
        {
            return Fail(Malformed);
        }
        SkipBlanks();
        return true;
    }

    /// <summary>Goes to the next value of the array that was entered last.</summary>
    public bool NextItem()
    {
        SkipBlanks();
        if (_at < _text.Length && _text[_at] == ']')
        {
            _at++;
            _first = false;
            return false;
        }
        if (!_first && !Take((byte)','))
        {
            return Fail(Malformed);
        }
        _first = false;
        SkipBlanks();
        return true;
    }

    /// <summary>Reads the value that stands next: a text between its quotes, anything else as it is written.</summary>
    public bool ReadValue(out ReadOnlySpan<byte> value)
    {
        value = default;
        var kind = Kind;
        if (kind == JsonLineKind.String)
        {
            return ReadString(out value) || Fail("Value is string, but can't find closing '\"' symbol");
        }
        var start = _at;
        if (kind is JsonLineKind.Object or JsonLineKind.Array)
        {
            if (!SkipBlock())
            {
                return Fail(kind == JsonLineKind.Object ? NoObject : "Value is array, but can't find closing ']' symbol");
            }
        }
        else
        {
            _at = JsonBytes.DigitsEnd(_text, _at, _text.Length);
            if (_at < _text.Length && _text[_at] is not ((byte)',' or (byte)'}'))
            {
                var length = _text[_at..].IndexOfAny(" \t\r\n,}]"u8);
                _at = length < 0 ? _text.Length : _at + length;
            }
        }
        value = _text[start.._at];
        return kind switch
        {
            JsonLineKind.Bad => Fail("Unknown value type"),
            JsonLineKind.Bool => value.SequenceEqual("true"u8) || value.SequenceEqual("false"u8) || Fail("Unknown value type"),
            JsonLineKind.Null => value.SequenceEqual("null"u8) || Fail("Unknown value type"),
            _ => true,
        };
    }

    public bool SkipValue() => ReadValue(out _);

    /// <summary>What a text between quotes means; what is no UTF-8 is a blank.</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, ByteText buffer, bool escapes = true)
    {
        if (!escapes || text.IndexOf((byte)'\\') < 0)
        {
            return text.IndexOf("\uFFFD"u8) < 0 && (Ascii.IsValid(text) || System.Text.Unicode.Utf8.IsValid(text)) ? text : Valid(text, buffer);
        }
        buffer.Clear();
        while (text.Length > 0)
        {
            var escape = text.IndexOf((byte)'\\');
            if (escape < 0 || escape + 1 == text.Length)
            {
                buffer.Add(text);
                break;
            }
            buffer.Add(text[..escape]);
            text = text[(escape + 1)..];
            var used = 1;
            switch (text[0])
            {
                case (byte)'n': buffer.Add((byte)'\n'); break;
                case (byte)'t': buffer.Add((byte)'\t'); break;
                case (byte)'r': buffer.Add((byte)'\r'); break;
                case (byte)'b': buffer.Add((byte)'\b'); break;
                case (byte)'f': buffer.Add((byte)'\f'); break;
                case (byte)'u': used = AddCodePoint(text, buffer); break;
                default: buffer.Add(text[0]); break;
            }
            text = text[used..];
        }
        return System.Text.Unicode.Utf8.IsValid(buffer.Written) && buffer.Written.IndexOf("\uFFFD"u8) < 0
            ? buffer.Written : Valid(buffer.Written.ToArray(), buffer);
    }

    private static ReadOnlySpan<byte> Valid(ReadOnlySpan<byte> text, ByteText buffer)
    {
        buffer.Clear();
        while (text.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(text, out var rune, out var length);
            if (status != System.Buffers.OperationStatus.Done || rune == Rune.ReplacementChar)
            {
                buffer.Add((byte)' ');
            }
            else
            {
                buffer.Add(text[..length]);
            }
            text = text[(status == System.Buffers.OperationStatus.Done ? length : 1)..];
        }
        return buffer.Written;
    }

    /// <summary>Reads <c>uXXXX</c>, and the second half of a pair behind it; returns how much was read.</summary>
    private static int AddCodePoint(ReadOnlySpan<byte> text, ByteText buffer)
    {
        if (!TryUnit(text, out var unit))
        {
            buffer.Add((byte)'u');
            return 1;
        }
        if (char.IsHighSurrogate(unit) && text.Length >= 11 && text[5] == '\\' && text[6] == 'u' && TryUnit(text[6..], out var low)
            && char.IsLowSurrogate(low))
        {
            buffer.Add(new Rune(unit, low));
            return 11;
        }
        buffer.Add(Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar);
        return 5;
    }

    private static bool TryUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 5 || !System.Buffers.Text.Utf8Parser.TryParse(text.Slice(1, 4), out ushort value, out var used, 'x') || used != 4)
        {
            return false;
        }
        unit = (char)value;
        return true;
    }

    private bool ReadString(out ReadOnlySpan<byte> text)
    {
        var start = _at + 1;
        var end = JsonBytes.TextEnd(_text, start, _text.Length, out _);
        text = end < 0 ? default : _text[start..end];
        _at = end < 0 ? _text.Length : end + 1;
        return end >= 0;
    }

    private bool SkipBlock()
    {
        var depth = 0;
        while (true)
        {
            var found = _text[_at..].IndexOfAny("\"{}[]"u8);
            if (found < 0)
            {
                _at = _text.Length;
                return false;
            }
            _at += found;
            switch (_text[_at])
            {
                case (byte)'"':
                    if (!ReadString(out _))
                    {
                        return false;
                    }
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }
            _at++;
            if (depth == 0)
            {
                return true;
            }
        }
    }

    private bool Take(byte symbol)
    {
        if (_at >= _text.Length || _text[_at] != symbol)
        {
            return false;
        }
        _at++;
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _at++;
        }
    }

    private bool Fail(string fault)
    {
        Fault ??= fault;
        return false;
    }
}
