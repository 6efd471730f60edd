namespace Pharos.Query.Traces.Analysis;

/// <summary>All spans of a trace that have the same service and operation, and above them the same way from a root.</summary>
/// <param name="Parent">Index of the node above in its list, or <see cref="TraceTree.NoParent"/>.</param>
/// <param name="DurationNs">Of all of them together.</param>
/// <param name="SelfNs">Self times of all of them together.</param>
/// <param name="WeightNs">Its self time and that of all nodes below: what a flame graph draws as width.</param>
public readonly record struct CallNode(
    string Service, string Operation, int Parent, int Depth, int Count, int Errors, long DurationNs, long SelfNs, long WeightNs);
