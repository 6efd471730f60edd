namespace Pharos.Fuzz;

/// <summary>An input was taken, and what must hold of the answer does not.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
