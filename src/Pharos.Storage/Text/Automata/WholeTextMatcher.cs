namespace Pharos.Storage.Text.Automata;

/// <summary>Decides whether an anchored program matches a text, in time in proportion to the text times the program at worst.</summary>
/// <remarks>Thread-safe. What the simulation finds is kept in a table of states, so that a text like those before takes one look-up
/// for each character. The table is thrown away when it is full; sets of places too large to be kept are simulated each time.</remarks>
internal sealed class WholeTextMatcher(PatternProgram program)
{
    /// <summary>Bounds the table, and with it what a matcher holds on to beside its program.</summary>
    private const int MaxTableBytes = 1 << 20;

    /// <summary>A state with more places is not kept, so that a text cannot produce much garbage for each of its characters.</summary>
    private const int MaxPlaces = 500;

    private readonly Lock _gate = new();
    private readonly RuneClasses? _classes = RuneClasses.Of(program);
    private readonly Dictionary<State, State> _states = new(StateComparer.Instance);
    private readonly Simulation _building = new(program);
    private Simulation? _idle;
    private State? _start;
    private int _tableBytes;

    public bool IsMatch(string text)
    {
        if (_classes is null)
        {
            return Simulate([0], text, 0, TextPlace.None);
        }
        var state = Volatile.Read(ref _start) ?? Start();
        for (var at = 0; at < text.Length;)
        {
            var rune = TextPlace.RuneAt(text, at, out var length);
            var column = _classes.ClassOf(rune);
            var next = Volatile.Read(ref state.Next[column]) ?? Advance(state, rune, column);
            if (next is null)
            {
                return Simulate(state.Places, text, at, state.Previous);
            }
            if (next.Places.Length == 0)
            {
                return false;
            }
            state = next;
            at += length;
        }
        return state.MatchesAtEnd ??= Simulate(state.Places, "", 0, state.Previous);
    }

    private bool Simulate(ReadOnlySpan<int> places, string text, int at, int previous)
    {
        var simulation = Interlocked.Exchange(ref _idle, null) ?? new Simulation(program);
        simulation.Load(places);
        var matches = simulation.Run(text, at, previous);
        Volatile.Write(ref _idle, simulation);
        return matches;
    }

    private State Start()
    {
        lock (_gate)
        {
            return _start ??= new State([0], TextPlace.None, _classes!.Count);
        }
    }

    /// <summary>The state behind one code point, or null where it is too large to be kept.</summary>
    private State? Advance(State state, int rune, int column)
    {
        lock (_gate)
        {
            _building.Load(state.Places);
            _building.Step(state.Previous, rune);
            if (_building.Places.Count > MaxPlaces)
            {
                return null;
            }
            _building.Places.Sort();
            var next = new State([.. _building.Places], TextPlace.Representative(rune, program.Demanded), _classes!.Count);
            if (_states.TryGetValue(next, out var known))
            {
                next = known;
            }
            else
            {
                Keep(next);
            }
            Volatile.Write(ref state.Next[column], next);
            return next;
        }
    }

    private void Keep(State state)
    {
        if (_tableBytes > MaxTableBytes)
        {
            // Threads that are in an old state go on from there; nothing new leads to it.
            _states.Clear();
            _tableBytes = 0;
            Volatile.Write(ref _start, null);
        }
        _states.Add(state, state);
        _tableBytes += state.SizeBytes;
    }

    /// <summary>Where the program is, and what was read last as far as it matters.</summary>
    private sealed class State(int[] places, int previous, int classes)
    {
        private byte _matchesAtEnd;

        public int[] Places { get; } = places;

        public int Previous { get; } = previous;

        /// <summary>For each class of code points, null as long as it has not been met.</summary>
        public State?[] Next { get; } = new State?[classes];

        public int SizeBytes => 150 + (4 * Places.Length) + (8 * Next.Length);

        /// <summary>Null as long as no text has ended here. Threads that find it out at once find the same.</summary>
        public bool? MatchesAtEnd
        {
            get => _matchesAtEnd == 0 ? null : _matchesAtEnd == 1;
            set => _matchesAtEnd = value is null ? (byte)0 : value.Value ? (byte)1 : (byte)2;
        }
    }

    private sealed class StateComparer : IEqualityComparer<State>
    {
        public static readonly StateComparer Instance = new();

        public bool Equals(State? x, State? y) => x!.Previous == y!.Previous && x.Places.AsSpan().SequenceEqual(y.Places);

        public int GetHashCode(State state)
        {
            var hash = new HashCode();
            hash.Add(state.Previous);
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(state.Places.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
