using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Analysis;

/// <summary>A span at its place in a <see cref="TraceTree"/>; rows count from 0 in the tree's order.</summary>
public struct TraceNode
{
    public required Span Span { get; init; }

    /// <summary>Row of the parent, or <see cref="TraceTree.NoParent"/>.</summary>
    public int Parent { get; init; }

    /// <summary>0 for a root.</summary>
    public int Depth { get; init; }

    /// <summary>Whether it names a parent that is not above it.</summary>
    public bool IsOrphan { get; init; }

    public int Children { get; internal set; }

    /// <summary>Children, their children and so on: the rows that follow and lie below this one.</summary>
    public int Descendants { get; internal set; }

    public readonly bool IsError => Span.Status is SpanStatus.Error;
}
