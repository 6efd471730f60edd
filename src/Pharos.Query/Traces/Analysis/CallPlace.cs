namespace Pharos.Query.Traces.Analysis;

/// <summary>A node of a <see cref="CallMerge"/> at its place in depth-first order.</summary>
/// <param name="Node">Its number.</param>
/// <param name="Parent">Place of the node above, or <see cref="TraceTree.NoParent"/>.</param>
internal readonly record struct CallPlace(int Node, string Service, string Operation, int Parent, int Depth);
