namespace Pharos.Query.LogQL.Syntax;

internal enum LogTokenKind
{
    End,
    Identifier,
    String,
    Number,
    Duration,
    Bytes,

    /// <summary>A duration in brackets.</summary>
    Range,

    /// <summary><c>--strict</c> or <c>--keep-empty</c>.</summary>
    Flag,

    /// <summary>An operator, a bracket, a comma.</summary>
    Symbol,
}
