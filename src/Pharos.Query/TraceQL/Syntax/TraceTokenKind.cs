namespace Pharos.Query.TraceQL.Syntax;

internal enum TraceTokenKind
{
    End,

    /// <summary>A word: a keyword, an intrinsic, a function.</summary>
    Word,

    /// <summary>An attribute with its scope.</summary>
    Attribute,
    String,
    Integer,
    Float,
    Duration,
    Symbol,
}
