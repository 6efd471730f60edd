using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Pharos.Storage.Text.Automata;

/// <summary>Decides whether a program matches somewhere in a UTF-8 text, in time in proportion to the text times the program at worst.</summary>
/// <remarks>Thread-safe. The plain twin is <see cref="CaptureSearch"/>. What the simulation finds is kept in a table of states, so that a
/// text like those before takes one look-up for each ASCII byte; bytes that cannot begin a match are passed over many at a time as long
/// as no match has begun. A byte that is not UTF-8 is read as U+FFFD, as Go reads it. The table is thrown away when it is full.</remarks>
internal sealed class Utf8Search
{
    /// <summary>Bounds the table, and with it what a search holds on to beside its program.</summary>
    private const int MaxTableBytes = 2 << 20;

    /// <summary>A state with more places is not kept: from there on the text is simulated.</summary>
    private const int MaxPlaces = 500;

    private const int FirstStates = 16;

    // Cells of the table. What is above is the beginning of a state's row.
    private const int Unknown = 0;
    private const int Accept = -1;
    private const int TooLarge = -2;

    /// <summary>Columns of a row: one for each ASCII character.</summary>
    private const int Ascii = 128;

    /// <summary>Passing over must gain at least so many bytes each time, or going byte by byte is faster.</summary>
    private const int MinPassed = 12;
    private const int MinPasses = 64;

    private readonly PatternProgram _program;
    private readonly RuneClasses? _classes;
    private readonly Lock _gate = new();
    private readonly Simulation _building;
    private Simulation? _idle;
    private volatile Table? _table;
    private long _passed;
    private long _passes;

    public Utf8Search(PatternProgram program)
    {
        _program = program;
        _classes = RuneClasses.Of(program);
        _building = new Simulation(program);
    }

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_classes is null)
        {
            return Simulate([0], text, TextPlace.None);
        }
        var table = _table ?? FirstTable();
        var cells = table.Cells;
        var row = table.Start;
        var home = table.Home is not null && MayPass() ? table.HomeRow : -1;
        var at = 0;
        while (true)
        {
            if (row == home)
            {
                var passed = text[at..].IndexOfAny(table.Home!);
                if (passed < 0)
                {
                    break;
                }
                at += passed;
                CountPass(passed);
            }
            var from = at;
            while ((uint)at < (uint)text.Length && text[at] is < Ascii and var letter && cells[row + letter] is > Unknown and var known)
            {
                at++;
                row = known;
                if (row == home)
                {
                    break;
                }
            }
            if (at >= text.Length)
            {
                break;
            }
            if (row == home && at > from)
            {
                continue;
            }
            var next = Take(text[at..], ref table, ref row, ref home, out var length);
            if (next < 0)
            {
                var state = table.States[row / Ascii];
                return next == Accept || Simulate(state.Places, text[at..], state.Previous);
            }
            (cells, row) = (table.Cells, next);
            at += length;
        }
        return EndsWithMatch(table, row / Ascii);
    }

    /// <summary>Takes the first code point of a text, as <see cref="IsMatch"/> does where the table does not know or it is not ASCII.</summary>
    private int Take(ReadOnlySpan<byte> text, ref Table table, ref int row, ref int home, out int length)
    {
        var rune = RuneAt(text, out length);
        if (rune < Ascii)
        {
            var known = table.Cells[row + rune];
            return known != Unknown ? known : Advance(ref table, ref row, ref home, rune, rune);
        }
        var column = _classes!.ClassOf(rune);
        var next = table.Wide[(row / Ascii * _classes.Count) + column];
        return next != Unknown ? next : Advance(ref table, ref row, ref home, rune, ~column);
    }

    /// <summary>Whether it is worth looking for the next byte that begins a match. A guess: threads may overwrite each other's counts.</summary>
    private bool MayPass() => _passes < MinPasses || _passed >= MinPassed * _passes;

    private void CountPass(int bytes)
    {
        _passes++;
        _passed += bytes;
    }

    /// <summary>The code point that a text begins with. Of what is no character, Go takes a byte at a time.</summary>
    private static int RuneAt(ReadOnlySpan<byte> text, out int length)
    {
        if (Rune.DecodeFromUtf8(text, out var rune, out length) != OperationStatus.Done)
        {
            length = 1;
        }
        return rune.Value;
    }

    private bool Simulate(ReadOnlySpan<int> places, ReadOnlySpan<byte> text, int previous)
    {
        var simulation = Interlocked.Exchange(ref _idle, null) ?? new Simulation(_program);
        simulation.Load(places);
        var matches = false;
        while (!matches && text.Length > 0)
        {
            var rune = RuneAt(text, out var length);
            simulation.Step(previous, rune);
            matches = simulation.HasMatched;
            AddStart(simulation.Places);
            previous = rune;
            text = text[length..];
        }
        if (!matches)
        {
            simulation.Step(previous, TextPlace.None);
            matches = simulation.HasMatched;
        }
        Volatile.Write(ref _idle, simulation);
        return matches;
    }

    /// <summary>A match may begin everywhere.</summary>
    private static void AddStart(List<int> places)
    {
        if (!places.Contains(0))
        {
            places.Add(0);
        }
    }

    private Table FirstTable()
    {
        lock (_gate)
        {
            return _table ??= NewTable(FirstStates);
        }
    }

    /// <summary>A table with the states that a text begins in, and to which it comes back where no match has begun.</summary>
    private Table NewTable(int capacity)
    {
        var table = new Table(capacity, _classes!.Count);
        var home = table.Add(new State([0], ' '));
        // Where nothing is asked of the beginning, a text begins as it goes on.
        table.Start = _program.Demanded == Assertions.None ? home : table.Add(new State([0], TextPlace.None));
        if ((_program.Demanded & (Assertions.WordBoundary | Assertions.NoWordBoundary)) == 0)
        {
            var leaving = new List<byte>();
            for (var letter = 0; letter < 256; letter++)
            {
                if (letter >= Ascii || Next(table, home, letter, ref table) != home)
                {
                    leaving.Add((byte)letter);
                }
            }
            table.Home = SearchValues.Create(CollectionsMarshal.AsSpan(leaving));
            table.HomeRow = home;
        }
        return table;
    }

    /// <param name="cell">The column of an ASCII character, or the complement of the class of another.</param>
    private int Advance(ref Table table, ref int row, ref int home, int rune, int cell)
    {
        lock (_gate)
        {
            var current = _table!;
            if (!ReferenceEquals(current, table))
            {
                // Others have let it grow, or begun another.
                var state = table.States[row / Ascii];
                row = current.Find(state) ?? current.Add(state, out current);
                home = home >= 0 ? current.HomeRow : home;
                table = current;
                _table = current;
            }
            var next = Next(table, row, rune, ref table);
            if (!ReferenceEquals(table, _table))
            {
                if (table.SizeBytes > MaxTableBytes)
                {
                    // From the state that the text is in now; all others are found again.
                    var state = next >= 0 ? table.States[next / Ascii] : table.States[row / Ascii];
                    var fresh = NewTable(FirstStates);
                    var known = fresh.Find(state) ?? fresh.Add(state, out fresh);
                    (next, row) = next >= 0 ? (known, known) : (next, known);
                    table = fresh;
                    _table = fresh;
                    home = home >= 0 ? fresh.HomeRow : home;
                    return next;
                }
                _table = table;
            }
            if (cell >= 0)
            {
                Volatile.Write(ref table.Cells[row + cell], next);
            }
            else
            {
                Volatile.Write(ref table.Wide[(row / Ascii * _classes!.Count) + ~cell], next);
            }
            return next;
        }
    }

    /// <summary>The cell behind a code point.</summary>
    /// <param name="grown">The table that has the state: another where there was no room.</param>
    private int Next(Table table, int row, int rune, ref Table grown)
    {
        var state = table.States[row / Ascii];
        _building.Load(state.Places);
        _building.Step(state.Previous, rune);
        if (_building.HasMatched)
        {
            return Accept;
        }
        AddStart(_building.Places);
        if (_building.Places.Count > MaxPlaces)
        {
            return TooLarge;
        }
        _building.Places.Sort();
        var next = new State([.. _building.Places], TextPlace.Representative(rune, _program.Demanded));
        return table.Find(next) ?? table.Add(next, out grown);
    }

    private bool EndsWithMatch(Table table, int state)
    {
        ref var known = ref table.Ends[state];
        if (known == 0)
        {
            lock (_gate)
            {
                _building.Load(table.States[state].Places);
                _building.Step(table.States[state].Previous, TextPlace.None);
                known = _building.HasMatched ? (byte)1 : (byte)2;
            }
        }
        return known == 1;
    }

    /// <summary>Where the program is, and what was read last as far as it matters.</summary>
    private sealed class State(int[] places, int previous) : IEquatable<State>
    {
        public int[] Places { get; } = places;

        public int Previous { get; } = previous;

        public bool Equals(State? other) => Previous == other!.Previous && Places.AsSpan().SequenceEqual(other.Places);

        public override bool Equals(object? obj) => Equals(obj as State);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Previous);
            hash.AddBytes(MemoryMarshal.AsBytes(Places.AsSpan()));
            return hash.ToHashCode();
        }
    }

    /// <summary>States and what leads from one to another. Cells are written by whoever holds the gate and read by all; a table that is
    /// full is replaced by a larger one, in which states have the same rows.</summary>
    private sealed class Table(int capacity, int classes)
    {
        private readonly Dictionary<State, int> _rows = new(capacity);
        private int _count;

        /// <summary>By row and ASCII character.</summary>
        public int[] Cells { get; private init; } = new int[capacity * Ascii];

        /// <summary>By number of the state and class of the code point.</summary>
        public int[] Wide { get; private init; } = new int[capacity * classes];

        public State[] States { get; private init; } = new State[capacity];

        /// <summary>Whether a text that ends in the state matches: 1, or 2 where it does not, or 0 as long as that is not known.</summary>
        public byte[] Ends { get; private init; } = new byte[capacity];

        public int Start { get; set; }

        /// <summary>The bytes that lead away from the state in which no match has begun; null where there are two such states.</summary>
        public SearchValues<byte>? Home { get; set; }

        public int HomeRow { get; set; } = -1;

        public long SizeBytes => (long)capacity * (150 + (4 * (Ascii + classes)));

        public int? Find(State state) => _rows.TryGetValue(state, out var row) ? row : null;

        /// <summary>Where there is room for certain.</summary>
        public int Add(State state) => Add(state, out _);

        public int Add(State state, out Table holder)
        {
            if (_count + 1 == capacity)
            {
                holder = Doubled();
                return holder.Add(state, out _);
            }
            holder = this;
            // No state has row 0: that is what a cell holds which nobody has filled.
            var row = ++_count * Ascii;
            States[_count] = state;
            _rows.Add(state, row);
            return row;
        }

        private Table Doubled()
        {
            var larger = new Table(capacity * 2, classes) { Start = Start, Home = Home, HomeRow = HomeRow, _count = _count };
            Cells.CopyTo(larger.Cells, 0);
            Wide.CopyTo(larger.Wide, 0);
            States.CopyTo(larger.States, 0);
            Ends.CopyTo(larger.Ends, 0);
            foreach (var (state, row) in _rows)
            {
                larger._rows.Add(state, row);
            }
            return larger;
        }
    }
}
