namespace Pharos.Storage.Text.Automata;

/// <summary>What an instruction does.</summary>
internal enum Operation : byte
{
    /// <summary>Takes the code point <see cref="Instruction.X"/>.</summary>
    Rune,

    /// <summary>Takes a code point of the set of number <see cref="Instruction.X"/>.</summary>
    Set,

    /// <summary>Goes on at <see cref="Instruction.X"/>, and, less gladly, at <see cref="Instruction.Y"/>.</summary>
    Split,

    /// <summary>Goes on at <see cref="Instruction.X"/>.</summary>
    Jump,

    /// <summary>Notes the place in the text as number <see cref="Instruction.X"/>.</summary>
    Save,

    /// <summary>Goes on where one of the <see cref="Assertions"/> in <see cref="Instruction.X"/> holds.</summary>
    Assert,

    /// <summary>The text matches.</summary>
    Match,
}

/// <summary>One step of a <see cref="PatternProgram"/>; where nothing else is said, the next one follows.</summary>
internal readonly record struct Instruction(Operation Operation, int X, int Y = 0);
