namespace Pharos.Query.TraceQL.Vocabulary;

/// <summary>What joins two sets of spans.</summary>
public enum SpansetOperator
{
    /// <summary>All spans of both, where both have some.</summary>
    And,

    /// <summary>All spans of both.</summary>
    Or,

    /// <summary>Spans of the right whose parent is on the left.</summary>
    Child,

    /// <summary>Spans of the right with a child on the left.</summary>
    Parent,

    /// <summary>Spans of the right below one of the left.</summary>
    Descendant,

    /// <summary>Spans of the right above one of the left.</summary>
    Ancestor,

    /// <summary>Spans of the right with the same parent as another of the left.</summary>
    Sibling,
}
