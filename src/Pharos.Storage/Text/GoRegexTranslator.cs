using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Rewrites RE2 syntax as .NET syntax with the same meaning, and refuses what RE2 refuses.</summary>
/// <remarks>Source of the rules: github.com/google/re2/wiki/Syntax and Go's regexp/syntax error texts.</remarks>
internal sealed class GoRegexTranslator
{
    private const int MaxRepeat = 1000;

    /// <summary>Bounds the recursion; Go's own limit is 1,000.</summary>
    private const int MaxDepth = 1000;

    private readonly string _pattern;
    private readonly StringBuilder _out = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Stack<Flags> _outer = new();
    private int _at;
    private int _groups;
    private Flags _flags;

    private GoRegexTranslator(string pattern, bool dotMatchesNewline)
    {
        _pattern = pattern;
        _flags = dotMatchesNewline ? Flags.DotNewline : Flags.None;
    }

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotNewline = 4,
        Ungreedy = 8,
    }

    public static Translation Translate(string pattern, bool dotMatchesNewline)
    {
        var translator = new GoRegexTranslator(pattern, dotMatchesNewline);
        translator.Run();
        return new Translation(translator._out.ToString(), translator._groups, translator._names);
    }

    private static GoRegexException Error(string what, string where) =>
        new($"error parsing regexp: {what}: `{where}`");

    private void Run()
    {
        // Where the last atom starts in the output, or -1 where a repetition has nothing to repeat.
        var repeatable = false;
        var repeated = false;
        var starts = new Stack<int>();
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at];
            switch (c)
            {
                case '(':
                    if (starts.Count >= MaxDepth)
                    {
                        throw Error("expression nests too deeply", _pattern);
                    }
                    if (OpenGroup(starts))
                    {
                        repeatable = false;
                    }
                    repeated = false;
                    continue;
                case ')':
                    if (starts.Count == 0)
                    {
                        throw Error("unexpected )", _pattern);
                    }
                    starts.Pop();
                    _flags = _outer.Pop();
                    _out.Append(')');
                    _at++;
                    repeatable = true;
                    repeated = false;
                    continue;
                case '|':
                    _out.Append('|');
                    _at++;
                    repeatable = repeated = false;
                    continue;
                case '*' or '+' or '?':
                    Repeat(c.ToString(), _at, 1, repeatable, repeated);
                    repeated = true;
                    continue;
                case '{' when TryReadCount(out var count, out var length):
                    Repeat(count, _at, length, repeatable, repeated);
                    repeated = true;
                    continue;
                case '[':
                    Class();
                    break;
                case '.':
                    _out.Append((_flags & Flags.DotNewline) != 0 ? @"[\s\S]" : @"[^\n]");
                    _at++;
                    break;
                case '^':
                    _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:^)" : @"\A");
                    _at++;
                    break;
                case '$':
                    _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:$)" : @"\z");
                    _at++;
                    break;
                case '\\':
                    Escape();
                    break;
                default:
                    Literal(ReadRune());
                    break;
            }
            repeatable = true;
            repeated = false;
        }
        if (starts.Count > 0)
        {
            throw Error("missing closing )", _pattern);
        }
    }

    /// <summary>Reads <c>(</c>, <c>(?:</c>, <c>(?P&lt;n&gt;</c>, <c>(?flags:</c> or <c>(?flags)</c>; true where a group was opened.</summary>
    private bool OpenGroup(Stack<int> starts)
    {
        var rest = _pattern.AsSpan(_at);
        if (!rest.StartsWith("(?"))
        {
            _outer.Push(_flags);
            starts.Push(_out.Length);
            _groups++;
            _out.Append(CultureInfo.InvariantCulture, $"(?<{_groups}>");
            _at++;
            return true;
        }
        if (rest.StartsWith("(?P<") || rest.StartsWith("(?<"))
        {
            var open = _pattern.IndexOf('<', _at);
            var close = _pattern.IndexOf('>', _at);
            var name = close < 0 ? "" : _pattern[(open + 1)..close];
            if (close < 0 || name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw Error("invalid named capture", close < 0 ? _pattern[_at..] : _pattern[_at..(close + 1)]);
            }
            _groups++;
            if (!_names.TryAdd(name, _groups))
            {
                throw Error("duplicate capture group name", name);
            }
            _outer.Push(_flags);
            starts.Push(_out.Length);
            _out.Append(CultureInfo.InvariantCulture, $"(?<{_groups}>");
            _at = close + 1;
            return true;
        }
        return OpenFlags(starts);
    }

    private bool OpenFlags(Stack<int> starts)
    {
        var start = _at;
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_at += 2; _at < _pattern.Length; _at++)
        {
            var c = _pattern[_at];
            var flag = c switch
            {
                'i' => Flags.IgnoreCase,
                'm' => Flags.Multiline,
                's' => Flags.DotNewline,
                'U' => Flags.Ungreedy,
                _ => Flags.None,
            };
            if (flag != Flags.None)
            {
                any = true;
                flags = negative ? flags & ~flag : flags | flag;
                continue;
            }
            if (c == '-' && !negative)
            {
                negative = true;
                any = false;
                continue;
            }
            if ((c is ':' or ')') && (!negative || any))
            {
                _at++;
                if (c == ':')
                {
                    _outer.Push(_flags);
                    starts.Push(_out.Length);
                    _out.Append("(?:");
                }
                _flags = flags;
                return c == ':';
            }
            break;
        }
        throw Error("invalid or unsupported Perl syntax", _pattern[start..Math.Min(_at + 1, _pattern.Length)]);
    }

    private bool TryReadCount(out string count, out int length)
    {
        count = "";
        length = 0;
        var close = _pattern.IndexOf('}', _at);
        if (close < 0)
        {
            return false;
        }
        var body = _pattern[(_at + 1)..close];
        var comma = body.IndexOf(',', StringComparison.Ordinal);
        var low = comma < 0 ? body : body[..comma];
        var high = comma < 0 ? body : body[(comma + 1)..];
        if (low.Length == 0 || !low.All(char.IsAsciiDigit) || !high.All(char.IsAsciiDigit))
        {
            return false;
        }
        length = close + 1 - _at;
        count = $"{{{body}}}";
        var tooLarge = low.Length > 4 || high.Length > 4 || int.Parse(low, CultureInfo.InvariantCulture) > MaxRepeat ||
            (high.Length > 0 && (int.Parse(high, CultureInfo.InvariantCulture) is var h) && (h > MaxRepeat ||
                h < int.Parse(low, CultureInfo.InvariantCulture)));
        return tooLarge ? throw Error("invalid repeat count", count) : true;
    }

    private void Repeat(string operation, int start, int length, bool repeatable, bool repeated)
    {
        _at += length;
        if (!repeatable)
        {
            throw Error("missing argument to repetition operator", _pattern[start..(start + length)]);
        }
        if (repeated)
        {
            throw Error("invalid nested repetition operator", _pattern[(start - 1)..(start + length)]);
        }
        _out.Append(operation);
        var lazy = (_flags & Flags.Ungreedy) != 0;
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            lazy = !lazy;
            _at++;
        }
        if (lazy)
        {
            _out.Append('?');
        }
    }

    private void Escape()
    {
        var start = _at;
        if (_at + 1 >= _pattern.Length)
        {
            throw new GoRegexException("error parsing regexp: trailing backslash at end of expression: ``");
        }
        var c = _pattern[_at + 1];
        switch (c)
        {
            case 'A':
            case 'b':
            case 'B':
            case 'z':
                _out.Append('\\').Append(c);
                _at += 2;
                return;
            case 'Q':
                _at += 2;
                var end = _pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
                var stop = end < 0 ? _pattern.Length : end;
                while (_at < stop)
                {
                    Literal(ReadRune());
                }
                _at = end < 0 ? stop : end + 2;
                return;
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                _out.Append(c switch
                {
                    'd' => "[0-9]",
                    'D' => "[^0-9]",
                    's' => @"[\t\n\f\r ]",
                    'S' => @"[^\t\n\f\r ]",
                    'w' => "[0-9A-Za-z_]",
                    _ => "[^0-9A-Za-z_]",
                });
                _at += 2;
                return;
            case 'p' or 'P':
                _out.Append(UnicodeClass());
                return;
            default:
                Literal(ReadEscapedRune(start));
                return;
        }
    }

    /// <summary>Reads <c>\pL</c>, <c>\p{Lu}</c>, <c>\P{^Greek}</c>. Categories are the same in .NET; scripts have blocks.</summary>
    private string UnicodeClass()
    {
        var start = _at;
        var negative = _pattern[_at + 1] == 'P';
        string name;
        if (_at + 2 < _pattern.Length && _pattern[_at + 2] == '{')
        {
            var close = _pattern.IndexOf('}', _at);
            if (close < 0)
            {
                throw Error("invalid character class range", _pattern[start..]);
            }
            name = _pattern[(_at + 3)..close];
            _at = close + 1;
        }
        else if (_at + 2 < _pattern.Length)
        {
            name = _pattern[(_at + 2)..(_at + 3)];
            _at += 3;
        }
        else
        {
            throw Error("invalid character class range", _pattern[start..]);
        }
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }
        var known = name switch
        {
            "Any" => null,
            "Greek" => "IsGreek",
            "Cyrillic" => "IsCyrillic",
            "Hebrew" => "IsHebrew",
            "Arabic" => "IsArabic",
            "Thai" => "IsThai",
            "Hiragana" => "IsHiragana",
            "Katakana" => "IsKatakana",
            "Han" => "IsCJKUnifiedIdeographs",
            "Armenian" => "IsArmenian",
            "Devanagari" => "IsDevanagari",
            _ when name.Length is 1 or 2 && "LMNPSZC".Contains(name[0], StringComparison.Ordinal) => name,
            _ => throw Error("invalid character class range", _pattern[start.._at]),
        };
        return known is null ? (negative ? @"[^\s\S]" : @"[\s\S]") : $@"\{(negative ? 'P' : 'p')}{{{known}}}";
    }

    private void Class()
    {
        var start = _at;
        var parts = new StringBuilder("[");
        _at++;
        if (_at < _pattern.Length && _pattern[_at] == '^')
        {
            parts.Append('^');
            _at++;
        }
        var first = true;
        while (true)
        {
            if (_at >= _pattern.Length)
            {
                throw Error("missing closing ]", _pattern[start..]);
            }
            if (_pattern[_at] == ']' && !first)
            {
                _at++;
                break;
            }
            first = false;
            if (TryClassOfClass(parts))
            {
                continue;
            }
            var lowStart = _at;
            var low = ClassRune(start);
            var high = low;
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                high = ClassRune(start);
                if (high.Value < low.Value)
                {
                    throw Error("invalid character class range", _pattern[lowStart.._at]);
                }
            }
            AppendRange(parts, low, high);
        }
        var text = parts.Append(']').ToString();
        // An empty class (everything beyond the first plane) can match nothing here.
        text = text == "[]" ? @"[^\s\S]" : text == "[^]" ? @"[\s\S]" : text;
        _out.Append((_flags & Flags.IgnoreCase) != 0 ? $"(?i:{text})" : text);
    }

    private bool TryClassOfClass(StringBuilder parts)
    {
        var rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("[:"))
        {
            var close = _pattern.IndexOf(":]", _at, StringComparison.Ordinal);
            if (close < 0)
            {
                return false;
            }
            var name = _pattern[(_at + 2)..close];
            var negative = name.StartsWith('^');
            parts.Append(PosixClass(negative ? name[1..] : name, negative) ??
                throw Error("invalid character class range", _pattern[_at..(close + 2)]));
            _at = close + 2;
            return true;
        }
        if (rest.Length < 2 || rest[0] != '\\')
        {
            return false;
        }
        string? inner = rest[1] switch
        {
            'd' => "0-9",
            'D' => @"\0-/:-\uFFFF",
            's' => @"\t\n\f\r ",
            'S' => @"\0-\x08\x0B\x0E-\x1F!-\uFFFF",
            'w' => "0-9A-Za-z_",
            'W' => @"\0-/:-@\[-\^`{-\uFFFF",
            _ => null,
        };
        if (inner is not null)
        {
            parts.Append(inner);
            _at += 2;
            return true;
        }
        if (rest[1] is 'p' or 'P')
        {
            var text = UnicodeClass();
            parts.Append(text.StartsWith('[') ? @"\s\S" : text);
            return true;
        }
        return false;
    }

    private static string? PosixClass(string name, bool negative) => (name, negative) switch
    {
        ("alnum", false) => "0-9A-Za-z",
        ("alnum", true) => @"\0-/:-@\[-`{-\uFFFF",
        ("alpha", false) => "A-Za-z",
        ("alpha", true) => @"\0-@\[-`{-\uFFFF",
        ("ascii", false) => @"\0-\x7F",
        ("ascii", true) => @"\x80-\uFFFF",
        ("blank", false) => @"\t ",
        ("blank", true) => @"\0-\x08\n-\x1F!-\uFFFF",
        ("cntrl", false) => @"\0-\x1F\x7F",
        ("cntrl", true) => @" -~\x80-\uFFFF",
        ("digit", false) => "0-9",
        ("digit", true) => @"\0-/:-\uFFFF",
        ("graph", false) => "!-~",
        ("graph", true) => @"\0- \x7F-\uFFFF",
        ("lower", false) => "a-z",
        ("lower", true) => @"\0-`{-\uFFFF",
        ("print", false) => " -~",
        ("print", true) => @"\0-\x1F\x7F-\uFFFF",
        ("punct", false) => @"!-/:-@\[-`{-~",
        ("punct", true) => @"\0- 0-9A-Za-z\x7F-\uFFFF",
        ("space", false) => @"\t\n\v\f\r ",
        ("space", true) => @"\0-\x08\x0E-\x1F!-\uFFFF",
        ("upper", false) => "A-Z",
        ("upper", true) => @"\0-@\[-\uFFFF",
        ("word", false) => "0-9A-Za-z_",
        ("word", true) => @"\0-/:-@\[-\^`{-\uFFFF",
        ("xdigit", false) => "0-9A-Fa-f",
        ("xdigit", true) => @"\0-/:-@G-`g-\uFFFF",
        _ => null,
    };

    private Rune ClassRune(int classStart)
    {
        if (_at >= _pattern.Length)
        {
            throw Error("missing closing ]", _pattern[classStart..]);
        }
        return _pattern[_at] == '\\' ? ReadEscapedRune(_at) : ReadRune();
    }

    private static void AppendRange(StringBuilder parts, Rune low, Rune high)
    {
        // .NET matches UTF-16 units; what lies beyond the first plane is matched by its surrogates.
        if (low.Value > 0xFFFF)
        {
            return;
        }
        AppendClassChar(parts, (char)low.Value);
        if (high != low)
        {
            parts.Append('-');
            AppendClassChar(parts, (char)Math.Min(high.Value, 0xFFFF));
        }
    }

    private static void AppendClassChar(StringBuilder parts, char c)
    {
        if (char.IsAsciiLetterOrDigit(c))
        {
            parts.Append(c);
        }
        else
        {
            parts.Append(@"\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
        }
    }

    private void Literal(Rune rune)
    {
        var text = rune.IsBmp
            ? (char.IsAsciiLetterOrDigit((char)rune.Value) ? rune.ToString() : $@"\u{rune.Value:X4}")
            : $"(?:{string.Concat(rune.ToString().Select(c => $@"\u{(int)c:X4}"))})";
        _out.Append((_flags & Flags.IgnoreCase) != 0 && Rune.IsLetter(rune) ? $"(?i:{text})" : text);
    }

    private Rune ReadRune()
    {
        if (Rune.TryGetRuneAt(_pattern, _at, out var rune))
        {
            _at += rune.Utf16SequenceLength;
            return rune;
        }
        _at++;
        return Rune.ReplacementChar;
    }

    private Rune ReadEscapedRune(int start)
    {
        if (_at + 1 >= _pattern.Length)
        {
            throw new GoRegexException("error parsing regexp: trailing backslash at end of expression: ``");
        }
        var c = _pattern[_at + 1];
        _at += 2;
        switch (c)
        {
            case 'a':
                return new Rune('\a');
            case 'f':
                return new Rune('\f');
            case 'n':
                return new Rune('\n');
            case 'r':
                return new Rune('\r');
            case 't':
                return new Rune('\t');
            case 'v':
                return new Rune('\v');
            case 'x':
                return ReadHex(start);
            case >= '0' and <= '7' when c == '0' || (_at < _pattern.Length && _pattern[_at] is >= '0' and <= '7'):
                var value = c - '0';
                for (var i = 0; i < 2 && _at < _pattern.Length && _pattern[_at] is >= '0' and <= '7'; i++, _at++)
                {
                    value = (value * 8) + (_pattern[_at] - '0');
                }
                return new Rune(value);
            default:
                if (c < 0x80 && !char.IsAsciiLetterOrDigit(c))
                {
                    return new Rune(c);
                }
                throw Error("invalid escape sequence", _pattern[start.._at]);
        }
    }

    private Rune ReadHex(int start)
    {
        var braced = _at < _pattern.Length && _pattern[_at] == '{';
        var close = braced ? _pattern.IndexOf('}', _at) : _at + 2;
        var digits = close < 0 || close > _pattern.Length ? "" : _pattern[(braced ? _at + 1 : _at)..close];
        if (digits.Length == 0 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var value) || !Rune.IsValid(value))
        {
            throw Error("invalid escape sequence", _pattern[start..Math.Min(_at + 1, _pattern.Length)]);
        }
        _at = braced ? close + 1 : close;
        return new Rune(value);
    }

    /// <summary>A .NET pattern, and the groups of the pattern it came from.</summary>
    internal sealed record Translation(string Text, int GroupCount, IReadOnlyDictionary<string, int> GroupNames);
}
