using System.Buffers;
using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>Runs a program over UTF-8 by a table of states that grows as texts need it: one look-up for each ASCII byte.</summary>
/// <remarks>Not thread-safe. The table is thrown away when it is full; time is in proportion to the text times the program at worst.
/// What is exploited: log lines are ASCII, and a search is in few states. While it is in the state in which nothing has begun, bytes that
/// leave it there are jumped over by a vectorised search, where few bytes do not.</remarks>
internal sealed class ByteAutomaton
{
    private const int Unknown = -1;

    /// <summary>The text matches, whatever comes.</summary>
    private const int Matched = 0;

    /// <summary>The text does not match, whatever comes.</summary>
    private const int Dead = 1;

    /// <summary>Bounds the table's rows times columns.</summary>
    private const int MaxCells = 1 << 19;

    /// <summary>Jumping pays where no more bytes than these stop it.</summary>
    private const int MaxStops = 24;

    private readonly PatternProgram _program;
    private readonly RuneClasses? _classes;
    private readonly Simulation _simulation;
    private readonly int[] _asciiClass = new int[128];
    private readonly int _columns;
    private readonly Dictionary<State, int> _numbers = [];
    private readonly List<State> _states = [];

    /// <summary>For a state's row and a class the row of the next state, as an index into this table.</summary>
    private int[] _next = [];
    private int _start;
    private int _idle = Unknown;
    private SearchValues<byte>? _stops;

    public ByteAutomaton(PatternProgram program)
    {
        _program = program;
        _simulation = new Simulation(program);
        _classes = RuneClasses.Of(program);
        _columns = _classes?.Count ?? 0;
        for (var c = 0; c < 128 && _classes is not null; c++)
        {
            _asciiClass[c] = _classes.ClassOf(c);
        }
        Reset();
    }

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_classes is null)
        {
            return Simulate(text);
        }
        var table = _next;
        var limit = Dead * _columns;
        var row = _start;
        for (var at = 0; at < text.Length;)
        {
            if (row == _idle && _stops is not null)
            {
                var skipped = text[at..].IndexOfAny(_stops);
                if (skipped < 0)
                {
                    break;
                }
                at += skipped;
            }
            int column;
            var rune = (int)text[at];
            var length = 1;
            if (rune < 128)
            {
                column = _asciiClass[rune];
            }
            else
            {
                rune = Decode(text[at..], out length);
                column = _classes.ClassOf(rune);
            }
            var next = table[row + column];
            if (next <= limit)
            {
                if (next == Unknown)
                {
                    next = Advance(row, rune, column);
                    table = _next;
                }
                if (next <= limit)
                {
                    return next == Matched;
                }
            }
            row = next;
            at += length;
        }
        return MatchesAtEnd(row);
    }

    private static int Decode(ReadOnlySpan<byte> text, out int length)
    {
        if (Rune.DecodeFromUtf8(text, out var rune, out length) != OperationStatus.Done)
        {
            length = 1;
        }
        return rune.Value;
    }

    private void Reset()
    {
        _numbers.Clear();
        _states.Clear();
        _next = [];
        _states.Add(new State([], 0));
        _states.Add(new State([], 0));
        if (_classes is null)
        {
            return;
        }
        Grow();
        _start = RowOf([0], Representative(TextPlace.None));
        // The state in the middle of a text in which nothing has begun.
        _idle = _program.IsAnchored ? Unknown : RowOf([0], Representative(' '));
        _stops = _program.IsAnchored ? null : FindStops();
    }

    /// <summary>Where no assertion looks back, the beginning is like any other place.</summary>
    private int Representative(int rune) => _program.Demanded == Assertions.None ? ' ' : TextPlace.Representative(rune, _program.Demanded);

    private SearchValues<byte>? FindStops()
    {
        var stops = new List<byte>();
        for (var c = 0; c < 128; c++)
        {
            if (Advance(_idle, c, _asciiClass[c]) != _idle)
            {
                stops.Add((byte)c);
            }
        }
        if (stops.Count > MaxStops)
        {
            return null;
        }
        for (var c = 128; c < 256; c++)
        {
            stops.Add((byte)c);
        }
        return SearchValues.Create(stops.ToArray());
    }

    /// <summary>The row behind one code point.</summary>
    private int Advance(int row, int rune, int column)
    {
        if (_next[row + column] is not Unknown and var known)
        {
            return known;
        }
        var state = _states[row / _columns];
        if (_next.Length > MaxCells)
        {
            Reset();
            row = RowOf(state.Places, state.Previous);
        }
        _simulation.Load(state.Places);
        _simulation.Step(state.Previous, rune);
        int next;
        if (_simulation.HasMatched)
        {
            next = Matched;
        }
        else
        {
            var places = new List<int>(_simulation.Places);
            if (!_program.IsAnchored && !places.Contains(0))
            {
                places.Add(0);
            }
            places.Sort();
            next = places.Count == 0 ? Dead * _columns : RowOf([.. places], Representative(rune));
        }
        _next[row + column] = next;
        return next;
    }

    private int RowOf(int[] places, int previous)
    {
        var state = new State(places, previous);
        if (!_numbers.TryGetValue(state, out var number))
        {
            number = _states.Count;
            _states.Add(state);
            _numbers.Add(state, number);
            Grow();
        }
        return number * _columns;
    }

    private void Grow()
    {
        var needed = _states.Count * _columns;
        if (needed > _next.Length)
        {
            var old = _next.Length;
            Array.Resize(ref _next, Math.Max(needed, Math.Min(old * 2, old + 65_536)));
            _next.AsSpan(old).Fill(Unknown);
        }
    }

    private bool MatchesAtEnd(int row)
    {
        var state = _states[row / _columns];
        if (state.MatchesAtEnd is null)
        {
            _simulation.Load(state.Places);
            _simulation.Step(state.Previous, TextPlace.None);
            state.MatchesAtEnd = _simulation.HasMatched;
        }
        return state.MatchesAtEnd.Value;
    }

    private bool Simulate(ReadOnlySpan<byte> text)
    {
        var previous = TextPlace.None;
        _simulation.Load([0]);
        while (text.Length > 0)
        {
            var rune = Decode(text, out var length);
            _simulation.Step(previous, rune);
            if (_simulation.HasMatched)
            {
                return true;
            }
            if (!_program.IsAnchored && !_simulation.Places.Contains(0))
            {
                _simulation.Places.Add(0);
            }
            previous = rune;
            text = text[length..];
        }
        _simulation.Step(previous, TextPlace.None);
        return _simulation.HasMatched;
    }

    private sealed class State(int[] places, int previous) : IEquatable<State>
    {
        public int[] Places { get; } = places;

        public int Previous { get; } = previous;

        public bool? MatchesAtEnd { get; set; }

        public bool Equals(State? other) => other is not null && other.Previous == Previous && other.Places.AsSpan().SequenceEqual(Places);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Previous);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Places.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
