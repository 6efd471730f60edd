namespace Pharos.Fuzz.Execution;

/// <summary>How one input fared.</summary>
/// <param name="Problem">What is wrong, its kind first; null where all is well.</param>
/// <param name="Detail">The stack of an exception, or the measure that was passed.</param>
internal sealed record Verdict(string Shape, string? Problem, string Detail)
{
    public static Verdict Good(string shape) => new(shape, null, "");
}
