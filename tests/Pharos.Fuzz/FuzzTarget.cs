using Pharos.Fuzz.Mutation;

namespace Pharos.Fuzz;

/// <summary>One parser or decoder: what is fed to it, and what must hold whatever it is fed.</summary>
/// <remarks>Used by one thread at a time. An answer depends on the input alone, so that any finding can be had again.</remarks>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>The folder of tests/corpus with the inputs to begin with; several targets may share one.</summary>
    public virtual string CorpusFolder => Name;

    /// <summary>What the mutator puts in, beside bytes.</summary>
    public virtual IReadOnlyList<string> Tokens => [];

    public virtual InputForm Form => InputForm.Text;

    /// <summary>What may be allocated for any input, however short.</summary>
    public virtual long BaseBytes => 8L << 20;

    /// <summary>What may be allocated for each byte of the input.</summary>
    public virtual long BytesPerInputByte => 2_000;

    /// <summary>How long an input may take.</summary>
    public virtual TimeSpan MaxTime => TimeSpan.FromSeconds(2);

    /// <summary>Inputs to begin with that a program makes better than a hand: bytes of formats that are no text.</summary>
    public virtual IEnumerable<byte[]> MadeInputs() => [];

    /// <summary>A new input from the grammar; null where the target has none.</summary>
    public virtual byte[]? Generate(Random random) => null;

    /// <summary>Runs the parser, catches the errors that it documents, and checks what must hold.</summary>
    /// <returns>The shape of what happened: inputs of a new shape are kept and mutated further.</returns>
    /// <exception cref="BrokenPromiseException">Something that must hold does not.</exception>
    public abstract string Run(byte[] input);
}
