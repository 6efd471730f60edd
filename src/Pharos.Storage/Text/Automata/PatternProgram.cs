namespace Pharos.Storage.Text.Automata;

/// <summary>A pattern as instructions for an automaton that is in many places at once. Immutable.</summary>
/// <remarks>The whole match is noted as places 0 and 1, the group n as 2n and 2n+1.</remarks>
internal sealed class PatternProgram
{
    private readonly Instruction[] _instructions;
    private readonly RuneSet[] _sets;

    public PatternProgram(Instruction[] instructions, RuneSet[] sets, int groupCount, bool isAnchored)
    {
        _instructions = instructions;
        _sets = sets;
        Places = 2 * (groupCount + 1);
        IsAnchored = isAnchored;
        foreach (var instruction in instructions)
        {
            Demanded |= instruction.Operation == Operation.Assert ? (Assertions)instruction.X : Assertions.None;
        }
    }

    public ReadOnlySpan<Instruction> Instructions => _instructions;

    public ReadOnlySpan<RuneSet> Sets => _sets;

    /// <summary>How many places in the text are noted.</summary>
    public int Places { get; }

    /// <summary>Whether only the whole text can match.</summary>
    public bool IsAnchored { get; }

    /// <summary>Every assertion there is in the program.</summary>
    public Assertions Demanded { get; }

    /// <summary>Whether a code point is taken by an instruction, which is a <see cref="Operation.Rune"/> or a <see cref="Operation.Set"/>.</summary>
    public bool Takes(in Instruction instruction, int rune) =>
        instruction.Operation == Operation.Rune ? instruction.X == rune : _sets[instruction.X].Contains(rune);
}
