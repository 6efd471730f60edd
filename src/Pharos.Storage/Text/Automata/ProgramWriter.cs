namespace Pharos.Storage.Text.Automata;

/// <summary>Writes a parsed pattern as a program; counted repetitions are written out.</summary>
/// <remarks>It calls itself for the nodes within nodes, a thousand deep at most, which is where the parser refuses.</remarks>
internal sealed class ProgramWriter
{
    private readonly List<Instruction> _code = [];
    private readonly Dictionary<RuneSet, int> _sets = [];

    /// <param name="pattern">What to write.</param>
    /// <param name="anchored">Whether the whole text has to match.</param>
    public static PatternProgram Write(ParsedPattern pattern, bool anchored)
    {
        var writer = new ProgramWriter();
        if (anchored)
        {
            writer.Emit(Operation.Assert, (int)Assertions.TextBegin);
        }
        writer.Write(new PatternNode.Capture(0, pattern.Root));
        if (anchored)
        {
            writer.Emit(Operation.Assert, (int)Assertions.TextEnd);
        }
        writer.Emit(Operation.Match, 0);
        var sets = writer._sets.OrderBy(static pair => pair.Value).Select(static pair => pair.Key);
        return new PatternProgram([.. writer._code], [.. sets], pattern.GroupCount, anchored);
    }

    private void Write(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Literal literal:
                Write(literal);
                break;
            case PatternNode.Class { Set: var set }:
                EmitSet(set);
                break;
            case PatternNode.Assertion { Demanded: var demanded }:
                Emit(Operation.Assert, (int)demanded);
                break;
            case PatternNode.Capture capture:
                Emit(Operation.Save, 2 * capture.Group);
                Write(capture.Inner);
                Emit(Operation.Save, (2 * capture.Group) + 1);
                break;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Write(part);
                }
                break;
            case PatternNode.Alternation alternation:
                Write(alternation);
                break;
            case PatternNode.Repeat repeat:
                Write(repeat);
                break;
        }
    }

    private void Write(PatternNode.Literal literal)
    {
        foreach (var rune in literal.Runes)
        {
            if (literal.Folded && RuneFolds.Orbit(rune) is { } orbit)
            {
                EmitSet(orbit);
            }
            else
            {
                Emit(Operation.Rune, rune);
            }
        }
    }

    private void Write(PatternNode.Alternation alternation)
    {
        var jumps = new List<int>();
        foreach (var branch in alternation.Branches.AsSpan()[..^1])
        {
            var split = Emit(Operation.Split, 0);
            Write(branch);
            jumps.Add(Emit(Operation.Jump, 0));
            _code[split] = new Instruction(Operation.Split, split + 1, _code.Count);
        }
        Write(alternation.Branches[^1]);
        foreach (var jump in jumps)
        {
            _code[jump] = new Instruction(Operation.Jump, _code.Count);
        }
    }

    private void Write(PatternNode.Repeat repeat)
    {
        var splits = new List<int>();
        if (repeat.Max == PatternNode.Unbounded)
        {
            for (var i = 1; i < repeat.Min; i++)
            {
                Write(repeat.Inner);
            }
            WriteLoop(repeat, splits);
        }
        else
        {
            for (var i = 0; i < repeat.Max; i++)
            {
                if (i >= repeat.Min)
                {
                    splits.Add(Emit(Operation.Split, 0));
                }
                Write(repeat.Inner);
            }
        }
        foreach (var split in splits)
        {
            Fork(repeat, split, split + 1, _code.Count);
        }
    }

    /// <summary>Once or more often, or not at all where that is allowed.</summary>
    /// <remarks>What can match nothing is never tried in a loop of which nothing is left out first, as in Go, where an empty
    /// round in <c>(|a)*</c> ends it.</remarks>
    private void WriteLoop(PatternNode.Repeat repeat, List<int> splits)
    {
        if (repeat.Min == 0)
        {
            splits.Add(Emit(Operation.Split, 0));
        }
        var start = _code.Count;
        Write(repeat.Inner);
        if (repeat.Min == 0 && !repeat.Inner.IsNullable)
        {
            Emit(Operation.Jump, start - 1);
            return;
        }
        var split = Emit(Operation.Split, 0);
        Fork(repeat, split, start, split + 1);
    }

    private void Fork(PatternNode.Repeat repeat, int split, int inside, int behind) =>
        _code[split] = repeat.IsLazy ? new Instruction(Operation.Split, behind, inside) : new Instruction(Operation.Split, inside, behind);

    private int Emit(Operation operation, int x)
    {
        _code.Add(new Instruction(operation, x));
        return _code.Count - 1;
    }

    private void EmitSet(RuneSet set)
    {
        if (!_sets.TryGetValue(set, out var number))
        {
            number = _sets.Count;
            _sets.Add(set, number);
        }
        Emit(Operation.Set, number);
    }
}
