namespace Pharos.Query.Traces.Analysis;

/// <summary>A kind of call in two traces; zero counts where one of them does not have it.</summary>
/// <param name="Parent">Index of the node above in its list, or <see cref="TraceTree.NoParent"/>.</param>
/// <param name="DurationA">Of all such spans of the first trace together, in nanoseconds.</param>
/// <param name="DurationB">The same of the second.</param>
public readonly record struct CallDifference(
    string Service, string Operation, int Parent, int Depth, int CountA, int CountB, int ErrorsA, int ErrorsB, long DurationA, long DurationB);
