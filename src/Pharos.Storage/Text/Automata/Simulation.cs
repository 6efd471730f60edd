namespace Pharos.Storage.Text.Automata;

/// <summary>Runs a program as a set of places in it: each code point takes time in proportion to the program, whatever the pattern is.</summary>
/// <remarks>Not thread-safe. Its memory is in proportion to the program and is used again for the next text.</remarks>
internal sealed class Simulation(PatternProgram program)
{
    private readonly int[] _seen = new int[program.Instructions.Length];
    private readonly Stack<int> _open = new();
    private readonly List<int> _taking = [];
    private readonly List<int> _places = [];
    private int _round;

    /// <summary>Where the program is, each place once.</summary>
    public List<int> Places => _places;

    /// <summary>Whether the last step reached the end of the program before it took a code point.</summary>
    public bool HasMatched { get; private set; }

    public void Load(ReadOnlySpan<int> places)
    {
        _places.Clear();
        _places.AddRange(places);
    }

    /// <summary>Takes one code point, or, where it is <see cref="TextPlace.None"/>, only sees whether the program is at its end.</summary>
    public void Step(int previous, int rune)
    {
        Follow(TextPlace.Between(previous, rune));
        _places.Clear();
        if (rune == TextPlace.None)
        {
            return;
        }
        var instructions = program.Instructions;
        foreach (var place in _taking)
        {
            if (program.Takes(instructions[place], rune))
            {
                _places.Add(place + 1);
            }
        }
    }

    /// <summary>Whether the rest of a text matches from where the program is.</summary>
    public bool Run(string text, int at, int previous)
    {
        while (at < text.Length && _places.Count > 0)
        {
            var rune = TextPlace.RuneAt(text, at, out var length);
            Step(previous, rune);
            previous = rune;
            at += length;
        }
        Step(previous, TextPlace.None);
        return HasMatched;
    }

    /// <summary>Goes from each place to all that take a code point.</summary>
    private void Follow(Assertions holds)
    {
        HasMatched = false;
        _taking.Clear();
        if (_round == int.MaxValue)
        {
            Array.Clear(_seen);
            _round = 0;
        }
        _round++;
        var instructions = program.Instructions;
        foreach (var place in _places)
        {
            Reach(place);
            while (_open.TryPop(out var at))
            {
                var instruction = instructions[at];
                switch (instruction.Operation)
                {
                    case Operation.Split:
                        Reach(instruction.Y);
                        Reach(instruction.X);
                        break;
                    case Operation.Jump:
                        Reach(instruction.X);
                        break;
                    case Operation.Save:
                    case Operation.Assert when ((Assertions)instruction.X & holds) != 0:
                        Reach(at + 1);
                        break;
                    case Operation.Match:
                        HasMatched = true;
                        break;
                    case Operation.Rune or Operation.Set:
                        _taking.Add(at);
                        break;
                }
            }
        }
    }

    private void Reach(int place)
    {
        if (_seen[place] != _round)
        {
            _seen[place] = _round;
            _open.Push(place);
        }
    }
}
