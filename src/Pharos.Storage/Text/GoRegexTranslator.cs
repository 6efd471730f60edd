using System.Globalization;
using System.Text;

namespace Pharos.Storage.Text;

/// <summary>Rewrites RE2 syntax as .NET syntax with the same meaning, and refuses what RE2 refuses.</summary>
/// <remarks>Source of the rules: github.com/google/re2/wiki/Syntax and Go's regexp/syntax error texts.</remarks>
internal sealed class GoRegexTranslator
{
    /// <summary>Bounds the recursion; Go's own limit is 1,000.</summary>
    private const int MaxDepth = 1000;

    private readonly string _pattern;
    private readonly GoRegexReader _in;
    private readonly StringBuilder _out = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Stack<Flags> _outer = new();
    private readonly PatternSize _size = new();
    private int _groups;
    private Flags _flags;

    private GoRegexTranslator(string pattern, bool dotMatchesNewline)
    {
        _pattern = pattern;
        _in = new GoRegexReader(pattern);
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

    private void Run()
    {
        // Where the last atom starts in the output, or -1 where a repetition has nothing to repeat.
        var repeatable = false;
        var repeated = false;
        var starts = new Stack<int>();
        while (_in.At < _pattern.Length)
        {
            var c = _pattern[_in.At];
            switch (c)
            {
                case '(':
                    if (starts.Count >= MaxDepth)
                    {
                        throw GoRegexReader.Error("expression nests too deeply", _pattern);
                    }
                    if (OpenGroup(starts))
                    {
                        _size.Open();
                        repeatable = false;
                    }
                    repeated = false;
                    continue;
                case ')':
                    if (starts.Count == 0)
                    {
                        throw GoRegexReader.Error("unexpected )", _pattern);
                    }
                    starts.Pop();
                    _size.Close();
                    _flags = _outer.Pop();
                    _out.Append(')');
                    _in.At++;
                    repeatable = true;
                    repeated = false;
                    continue;
                case '|':
                    _size.Branch();
                    _out.Append('|');
                    _in.At++;
                    repeatable = repeated = false;
                    continue;
                case '*' or '+' or '?':
                    Repeat(c.ToString(), _in.At, 1, repeatable, repeated);
                    repeated = true;
                    continue;
                case '{' when _in.TryReadCount(out var count, out var length):
                    Repeat(count, _in.At, length, repeatable, repeated);
                    if (!_size.Repeat(count))
                    {
                        throw GoRegexReader.Error("invalid repeat count", count);
                    }
                    repeated = true;
                    continue;
                case '[':
                    Class();
                    break;
                case '.':
                    _out.Append((_flags & Flags.DotNewline) != 0 ? @"[\s\S]" : @"[^\n]");
                    _in.At++;
                    break;
                case '^':
                    _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:^)" : @"\A");
                    _in.At++;
                    break;
                case '$':
                    _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:$)" : @"\z");
                    _in.At++;
                    break;
                case '\\':
                    Escape();
                    break;
                default:
                    Literal(_in.ReadRune());
                    break;
            }
            _size.Atom();
            if (_size.IsTooLong)
            {
                throw new GoRegexException("error parsing regexp: expression too large");
            }
            repeatable = true;
            repeated = false;
        }
        if (starts.Count > 0)
        {
            throw GoRegexReader.Error("missing closing )", _pattern);
        }
    }

    /// <summary>Reads <c>(</c>, <c>(?:</c>, <c>(?P&lt;n&gt;</c>, <c>(?flags:</c> or <c>(?flags)</c>; true where a group was opened.</summary>
    private bool OpenGroup(Stack<int> starts)
    {
        var rest = _pattern.AsSpan(_in.At);
        if (!rest.StartsWith("(?"))
        {
            _outer.Push(_flags);
            starts.Push(_out.Length);
            _groups++;
            _out.Append(CultureInfo.InvariantCulture, $"(?<{_groups}>");
            _in.At++;
            return true;
        }
        if (rest.StartsWith("(?P<") || rest.StartsWith("(?<"))
        {
            var open = _pattern.IndexOf('<', _in.At);
            var close = _pattern.IndexOf('>', _in.At);
            var name = close < 0 ? "" : _pattern[(open + 1)..close];
            if (close < 0 || name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw GoRegexReader.Error("invalid named capture", close < 0 ? _pattern[_in.At..] : _pattern[_in.At..(close + 1)]);
            }
            _groups++;
            if (!_names.TryAdd(name, _groups))
            {
                throw GoRegexReader.Error("duplicate capture group name", name);
            }
            _outer.Push(_flags);
            starts.Push(_out.Length);
            _out.Append(CultureInfo.InvariantCulture, $"(?<{_groups}>");
            _in.At = close + 1;
            return true;
        }
        return OpenFlags(starts);
    }

    private bool OpenFlags(Stack<int> starts)
    {
        var start = _in.At;
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_in.At += 2; _in.At < _pattern.Length; _in.At++)
        {
            var c = _pattern[_in.At];
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
                _in.At++;
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
        throw GoRegexReader.Error("invalid or unsupported Perl syntax", _pattern[start..Math.Min(_in.At + 1, _pattern.Length)]);
    }

    private void Repeat(string operation, int start, int length, bool repeatable, bool repeated)
    {
        _in.At += length;
        if (!repeatable)
        {
            throw GoRegexReader.Error("missing argument to repetition operator", _pattern[start..(start + length)]);
        }
        if (repeated)
        {
            throw GoRegexReader.Error("invalid nested repetition operator", _pattern[(start - 1)..(start + length)]);
        }
        _out.Append(operation);
        var lazy = (_flags & Flags.Ungreedy) != 0;
        if (_in.At < _pattern.Length && _pattern[_in.At] == '?')
        {
            lazy = !lazy;
            _in.At++;
        }
        if (lazy)
        {
            _out.Append('?');
        }
    }

    private void Escape()
    {
        var start = _in.At;
        if (_in.At + 1 >= _pattern.Length)
        {
            throw new GoRegexException("error parsing regexp: trailing backslash at end of expression: ``");
        }
        var c = _pattern[_in.At + 1];
        switch (c)
        {
            case 'A':
            case 'b':
            case 'B':
            case 'z':
                _out.Append('\\').Append(c);
                _in.At += 2;
                return;
            case 'Q':
                _in.At += 2;
                var end = _pattern.IndexOf(@"\E", _in.At, StringComparison.Ordinal);
                var stop = end < 0 ? _pattern.Length : end;
                while (_in.At < stop)
                {
                    Literal(_in.ReadRune());
                    _size.Atom();
                }
                _in.At = end < 0 ? stop : end + 2;
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
                _in.At += 2;
                return;
            case 'p' or 'P':
                _out.Append(UnicodeClass());
                return;
            default:
                Literal(_in.ReadEscapedRune(start));
                return;
        }
    }

    /// <summary>Reads <c>\pL</c>, <c>\p{Lu}</c>, <c>\P{^Greek}</c>. Categories are the same in .NET; scripts have blocks.</summary>
    private string UnicodeClass()
    {
        var start = _in.At;
        var negative = _pattern[_in.At + 1] == 'P';
        string name;
        if (_in.At + 2 < _pattern.Length && _pattern[_in.At + 2] == '{')
        {
            var close = _pattern.IndexOf('}', _in.At);
            if (close < 0)
            {
                throw GoRegexReader.Error("invalid character class range", _pattern[start..]);
            }
            name = _pattern[(_in.At + 3)..close];
            _in.At = close + 1;
        }
        else if (_in.At + 2 < _pattern.Length)
        {
            name = _pattern[(_in.At + 2)..(_in.At + 3)];
            _in.At += 3;
        }
        else
        {
            throw GoRegexReader.Error("invalid character class range", _pattern[start..]);
        }
        if (name.StartsWith('^'))
        {
            negative = !negative;
            name = name[1..];
        }
        if (GoCharacterClass.UnicodeName(name) is not { } known)
        {
            throw GoRegexReader.Error("invalid character class range", _pattern[start.._in.At]);
        }
        return known.Length == 0 ? (negative ? @"[^\s\S]" : @"[\s\S]") : $@"\{(negative ? 'P' : 'p')}{{{known}}}";
    }

    private void Class()
    {
        var start = _in.At;
        var parts = new StringBuilder("[");
        _in.At++;
        if (_in.At < _pattern.Length && _pattern[_in.At] == '^')
        {
            parts.Append('^');
            _in.At++;
        }
        var first = true;
        while (true)
        {
            if (_in.At >= _pattern.Length)
            {
                throw GoRegexReader.Error("missing closing ]", _pattern[start..]);
            }
            if (_pattern[_in.At] == ']' && !first)
            {
                _in.At++;
                break;
            }
            first = false;
            if (TryClassOfClass(parts))
            {
                continue;
            }
            var lowStart = _in.At;
            var low = ClassRune(start);
            var high = low;
            if (_in.At + 1 < _pattern.Length && _pattern[_in.At] == '-' && _pattern[_in.At + 1] != ']')
            {
                _in.At++;
                high = ClassRune(start);
                if (high.Value < low.Value)
                {
                    throw GoRegexReader.Error("invalid character class range", _pattern[lowStart.._in.At]);
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
        var rest = _pattern.AsSpan(_in.At);
        if (rest.StartsWith("[:"))
        {
            var close = _pattern.IndexOf(":]", _in.At + 2, StringComparison.Ordinal);
            if (close < 0)
            {
                return false;
            }
            var name = _pattern[(_in.At + 2)..close];
            var negative = name.StartsWith('^');
            parts.Append(GoCharacterClass.Posix(negative ? name[1..] : name, negative) ??
                throw GoRegexReader.Error("invalid character class range", _pattern[_in.At..(close + 2)]));
            _in.At = close + 2;
            return true;
        }
        if (rest.Length < 2 || rest[0] != '\\')
        {
            return false;
        }
        var inner = GoCharacterClass.Perl(rest[1]);
        if (inner is not null)
        {
            parts.Append(inner);
            _in.At += 2;
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

    private Rune ClassRune(int classStart)
    {
        if (_in.At >= _pattern.Length)
        {
            throw GoRegexReader.Error("missing closing ]", _pattern[classStart..]);
        }
        return _pattern[_in.At] == '\\' ? _in.ReadEscapedRune(_in.At) : _in.ReadRune();
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

    /// <summary>A .NET pattern, and the groups of the pattern it came from.</summary>
    internal sealed record Translation(string Text, int GroupCount, IReadOnlyDictionary<string, int> GroupNames);
}
