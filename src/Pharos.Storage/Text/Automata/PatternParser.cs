using System.Collections.Immutable;

namespace Pharos.Storage.Text.Automata;

/// <summary>Reads RE2's syntax as Go's <c>regexp/syntax</c> does, and refuses what Go refuses, in Go's words.</summary>
/// <remarks>Groups are kept on a stack of its own, so that any depth can be read; deeper than Go takes them they are refused.</remarks>
internal sealed class PatternParser
{
    // Go: regexp/syntax/parse.go, maxHeight, maxSize and maxRunes, which are 128 MiB of instructions and of code points.
    private const int MaxHeight = 1000;
    private const int MaxSize = (128 << 20) / 40;
    private const int MaxRunes = (128 << 20) / 4;
    private const int MaxRepetitions = 1000;

    private const string Special = @"\.+*?()|[]{}^$";

    private readonly string _pattern;
    private readonly PatternReader _in;
    private readonly ClassParser _classes;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Stack<Group> _outer = new();
    private readonly HashSet<RuneSet> _sets = [];
    private Group _group;
    private Flags _flags;
    private int _captures;
    private long _runes;

    private PatternParser(string pattern, bool dotMatchesNewline)
    {
        _pattern = pattern;
        _in = new PatternReader(pattern);
        _classes = new ClassParser(_in);
        _flags = dotMatchesNewline ? Flags.DotNewline : Flags.None;
        _group = new Group(0, _flags);
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

    /// <exception cref="GoRegexException">Go would refuse the pattern.</exception>
    public static ParsedPattern Parse(string pattern, bool dotMatchesNewline)
    {
        var parser = new PatternParser(pattern, dotMatchesNewline);
        var root = parser.Run();
        return new ParsedPattern(root, parser._captures, parser._names);
    }

    private PatternNode Run()
    {
        // Where the repetition that was read last begins; none may follow it at once.
        var repetition = -1;
        while (!_in.IsAtEnd)
        {
            var start = _in.At;
            if (TryReadRepetition(out var min, out var max))
            {
                Repeat(start, repetition, min, max);
                repetition = start;
                continue;
            }
            repetition = -1;
            ReadOther(_in.Rest[0]);
        }
        return _outer.Count == 0 ? _group.ToNode(Checked) : throw PatternReader.Error("missing closing )", _pattern);
    }

    private void ReadOther(char next)
    {
        switch (next)
        {
            case '(':
                OpenGroup();
                break;
            case ')':
                CloseGroup();
                break;
            case '|':
                _in.At++;
                _group.EndBranch(Checked);
                break;
            case '[':
                Add(new PatternNode.Class(Shared(_classes.Brackets(Has(Flags.IgnoreCase)))));
                break;
            case '.':
                _in.At++;
                Add(new PatternNode.Class(Has(Flags.DotNewline) ? RuneSet.All : RuneSet.AllButNewline));
                break;
            case '^':
                _in.At++;
                Add(new PatternNode.Assertion(Has(Flags.Multiline) ? Assertions.LineBegin : Assertions.TextBegin));
                break;
            case '$':
                _in.At++;
                Add(new PatternNode.Assertion(Has(Flags.Multiline) ? Assertions.LineEnd : Assertions.TextEnd));
                break;
            case '\\':
                Escape();
                break;
            default:
                Literals();
                break;
        }
    }

    private bool TryReadRepetition(out int min, out int max)
    {
        (min, max) = _in.Rest[0] switch
        {
            '*' => (0, PatternNode.Unbounded),
            '+' => (1, PatternNode.Unbounded),
            '?' => (0, 1),
            _ => (0, 0),
        };
        if (max != 0)
        {
            _in.At++;
            return true;
        }
        return _in.Rest[0] == '{' && _in.TryReadCount(out min, out max);
    }

    private void Repeat(int start, int previous, int min, int max)
    {
        var counted = _pattern[start] == '{';
        var operation = _in.Since(start);
        var lazy = Has(Flags.Ungreedy);
        if (!_in.IsAtEnd && _in.Rest[0] == '?')
        {
            lazy = !lazy;
            _in.At++;
        }
        if (previous >= 0)
        {
            throw PatternReader.Error("invalid nested repetition operator", _in.Since(previous));
        }
        if (_group.TakeLast() is not { } last)
        {
            throw PatternReader.Error("missing argument to repetition operator", _in.Since(start));
        }
        var repeated = new PatternNode.Repeat(last, min, max, lazy);
        if (counted && (min >= 2 || max >= 2) && repeated.Repetitions > MaxRepetitions)
        {
            throw PatternReader.Error("invalid repeat count", operation);
        }
        Add(repeated);
    }

    /// <summary>Reads <c>(</c>, <c>(?:</c>, <c>(?P&lt;n&gt;</c>, <c>(?&lt;n&gt;</c>, <c>(?flags:</c> or <c>(?flags)</c>.</summary>
    private void OpenGroup()
    {
        var rest = _in.Rest;
        if (!rest.StartsWith("(?"))
        {
            _in.At++;
            Open(++_captures, _flags);
            return;
        }
        if (!rest.StartsWith("(?P<") && !rest.StartsWith("(?<"))
        {
            ReadFlags();
            return;
        }
        var start = _in.At;
        var open = rest.IndexOf('<');
        var close = rest.IndexOf('>');
        _in.At = close < 0 ? _pattern.Length : start + close + 1;
        var name = close < 0 ? "" : rest[(open + 1)..close].ToString();
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            throw PatternReader.Error("invalid named capture", _in.Since(start));
        }
        if (!_names.TryAdd(name, ++_captures))
        {
            throw PatternReader.Error("duplicate capture group name", name);
        }
        Open(_captures, _flags);
    }

    private void ReadFlags()
    {
        var start = _in.At;
        var flags = _flags;
        var negative = false;
        var any = false;
        for (_in.At += 2; !_in.IsAtEnd;)
        {
            var c = _in.ReadRune();
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
            }
            else if (c == '-' && !negative)
            {
                negative = true;
                any = false;
            }
            else if ((c is ':' or ')') && (!negative || any))
            {
                if (c == ':')
                {
                    Open(0, _flags);
                }
                _flags = flags;
                return;
            }
            else
            {
                break;
            }
        }
        throw PatternReader.Error("invalid or unsupported Perl syntax", _in.Since(start));
    }

    private void Open(int capture, Flags outside)
    {
        _outer.Push(_group);
        _group = new Group(capture, outside);
    }

    private void CloseGroup()
    {
        if (_outer.Count == 0)
        {
            throw PatternReader.Error("unexpected )", _pattern);
        }
        _in.At++;
        var node = _group.ToNode(Checked);
        _flags = _group.FlagsOutside;
        var capture = _group.Capture;
        _group = _outer.Pop();
        Add(capture > 0 ? new PatternNode.Capture(capture, node) : node);
    }

    private void Escape()
    {
        if (_in.Rest.StartsWith(@"\Q"))
        {
            Quoted();
            return;
        }
        var assertion = _in.Rest.Length < 2 ? Assertions.None : _in.Rest[1] switch
        {
            'A' => Assertions.TextBegin,
            'z' => Assertions.TextEnd,
            'b' => Assertions.WordBoundary,
            'B' => Assertions.NoWordBoundary,
            _ => Assertions.None,
        };
        if (assertion != Assertions.None)
        {
            _in.At += 2;
            Add(new PatternNode.Assertion(assertion));
        }
        else if (_classes.TryEscaped(Has(Flags.IgnoreCase)) is { } set)
        {
            Add(new PatternNode.Class(Shared(set)));
        }
        else
        {
            Add(Literal([_in.ReadEscapedRune()]));
        }
    }

    /// <summary>Each a node of its own: a repetition behind them repeats the last.</summary>
    private void Quoted()
    {
        _in.At += 2;
        var length = _in.Rest.IndexOf(@"\E");
        var stop = length < 0 ? _pattern.Length : _in.At + length;
        while (_in.At < stop)
        {
            Add(Literal([_in.ReadRune()]));
        }
        _in.At = length < 0 ? stop : stop + 2;
    }

    /// <summary>Reads as much text as there is, but for the last character where it may be repeated.</summary>
    private void Literals()
    {
        var runes = ImmutableArray.CreateBuilder<int>();
        int last;
        do
        {
            last = _in.At;
            runes.Add(_in.ReadRune());
        }
        while (!_in.IsAtEnd && !Special.Contains(_in.Rest[0], StringComparison.Ordinal));
        if (runes.Count > 1 && !_in.IsAtEnd && _in.Rest[0] is '*' or '+' or '?' or '{')
        {
            _in.At = last;
            runes.RemoveAt(runes.Count - 1);
        }
        Add(Literal(runes.ToImmutable()));
    }

    private PatternNode.Literal Literal(ImmutableArray<int> runes)
    {
        _runes += runes.Length;
        return new PatternNode.Literal(runes, Has(Flags.IgnoreCase));
    }

    /// <summary>Equal sets are held once.</summary>
    private RuneSet Shared(RuneSet set)
    {
        if (_sets.TryGetValue(set, out var known))
        {
            return known;
        }
        _sets.Add(set);
        _runes += set.Edges.Length;
        return set;
    }

    private void Add(PatternNode node) => _group.Add(Checked(node));

    private PatternNode Checked(PatternNode node)
    {
        if (node.Size > MaxSize || _runes > MaxRunes)
        {
            throw PatternReader.Error("expression too large", _pattern);
        }
        return node.Height > MaxHeight ? throw PatternReader.Error("expression nests too deeply", _pattern) : node;
    }

    private bool Has(Flags flag) => (_flags & flag) != 0;

    /// <summary>What has been read of a group.</summary>
    private sealed class Group(int capture, Flags flagsOutside)
    {
        private readonly ImmutableArray<PatternNode>.Builder _branches = ImmutableArray.CreateBuilder<PatternNode>();
        private readonly ImmutableArray<PatternNode>.Builder _parts = ImmutableArray.CreateBuilder<PatternNode>();

        /// <summary>The number of the group, or zero where it captures nothing.</summary>
        public int Capture { get; } = capture;

        /// <summary>What holds again behind the group.</summary>
        public Flags FlagsOutside { get; } = flagsOutside;

        public void Add(PatternNode part) => _parts.Add(part);

        public PatternNode? TakeLast()
        {
            if (_parts.Count == 0)
            {
                return null;
            }
            var last = _parts[^1];
            _parts.RemoveAt(_parts.Count - 1);
            return last;
        }

        public void EndBranch(Func<PatternNode, PatternNode> check)
        {
            _branches.Add(check(_parts.Count == 1 ? _parts[0] : new PatternNode.Sequence(_parts.ToImmutable())));
            _parts.Clear();
        }

        public PatternNode ToNode(Func<PatternNode, PatternNode> check)
        {
            EndBranch(check);
            return _branches.Count == 1 ? _branches[0] : check(new PatternNode.Alternation(_branches.ToImmutable()));
        }
    }
}
