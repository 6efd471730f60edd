namespace Pharos.Storage.Text.Automata;

/// <summary>Finds where a program matches and what its groups hold: of the leftmost matches the one that the pattern prefers.</summary>
/// <remarks>Not thread-safe. Time is in proportion to the text times the program. Each place in the program that is reached is there once,
/// for the most preferred way to it; ways share what they noted before they parted.</remarks>
internal sealed class CaptureSearch(PatternProgram program)
{
    private readonly int[] _seen = new int[program.Instructions.Length];
    private readonly Stack<Way> _open = new();
    private List<Way> _current = [];
    private List<Way> _next = [];
    private int _round;

    /// <summary>The noted places of the first match at or behind a place, -1 for what was not noted, or null without a match.</summary>
    public int[]? Find(string text, int from)
    {
        Note? best = null;
        var previous = from == 0 ? TextPlace.None : text[from - 1];
        NewRound();
        for (var at = from; ;)
        {
            var rune = TextPlace.RuneAt(text, at, out var length);
            if (best is null && (at == 0 || !program.IsAnchored))
            {
                // A match that begins later is preferred to none only.
                Follow(_current, new Way(0, null), at, TextPlace.Between(previous, rune));
            }
            if (_current.Count == 0 && (best is not null || program.IsAnchored))
            {
                break;
            }
            NewRound();
            Step(text, at + length, rune, ref best);
            if (rune == TextPlace.None)
            {
                break;
            }
            (_current, _next) = (_next, _current);
            _next.Clear();
            previous = rune;
            at += length;
        }
        _current.Clear();
        _next.Clear();
        return best is null ? null : Places(best);
    }

    /// <summary>Takes one code point on every way, the most preferred first; what is less preferred than a match is given up.</summary>
    private void Step(string text, int behind, int rune, ref Note? best)
    {
        var holds = rune == TextPlace.None ? Assertions.None : TextPlace.Between(rune, TextPlace.RuneAt(text, behind, out _));
        foreach (var way in _current)
        {
            ref readonly var instruction = ref program.Instructions[way.At];
            if (instruction.Operation == Operation.Match)
            {
                best = way.Notes;
                return;
            }
            if (rune != TextPlace.None && program.Takes(instruction, rune))
            {
                Follow(_next, way with { At = way.At + 1 }, behind, holds);
            }
        }
    }

    /// <summary>Adds every instruction that takes a code point and can be reached, in the order of preference.</summary>
    private void Follow(List<Way> reached, Way start, int place, Assertions holds)
    {
        _open.Push(start);
        while (_open.TryPop(out var way))
        {
            if (_seen[way.At] == _round)
            {
                continue;
            }
            _seen[way.At] = _round;
            ref readonly var instruction = ref program.Instructions[way.At];
            switch (instruction.Operation)
            {
                case Operation.Split:
                    _open.Push(way with { At = instruction.Y });
                    _open.Push(way with { At = instruction.X });
                    break;
                case Operation.Jump:
                    _open.Push(way with { At = instruction.X });
                    break;
                case Operation.Save:
                    _open.Push(new Way(way.At + 1, new Note(instruction.X, place, way.Notes)));
                    break;
                case Operation.Assert:
                    if (((Assertions)instruction.X & holds) != 0)
                    {
                        _open.Push(way with { At = way.At + 1 });
                    }
                    break;
                default:
                    reached.Add(way);
                    break;
            }
        }
    }

    private void NewRound()
    {
        if (_round == int.MaxValue)
        {
            Array.Clear(_seen);
            _round = 0;
        }
        _round++;
    }

    /// <summary>What was noted last counts.</summary>
    private int[] Places(Note? note)
    {
        var places = new int[program.Places];
        Array.Fill(places, -1);
        for (; note is not null; note = note.Before)
        {
            if (places[note.Number] < 0)
            {
                places[note.Number] = note.Place;
            }
        }
        return places;
    }

    private readonly record struct Way(int At, Note? Notes);

    /// <summary>A place in the text that an instruction noted, and what was noted before on the same way.</summary>
    private sealed record Note(int Number, int Place, Note? Before);
}
