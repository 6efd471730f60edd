namespace Pharos.Query.TraceQL.Values;

/// <summary>The types of TraceQL.</summary>
public enum TraceValueKind : byte
{
    /// <summary>What is not there.</summary>
    Nil,
    Bool,
    Int,
    Float,

    /// <summary>Nanoseconds.</summary>
    Duration,
    Text,
    Status,
    Kind,

    /// <summary>Bytes and maps: there, shown as a text, and equal to nothing that a query can write.</summary>
    Other,

    /// <summary>An attribute that is a list of values.</summary>
    List,

    /// <summary>What several events or links of a span have.</summary>
    Several,

    /// <summary>Of an expression whose type only the data tells: an attribute.</summary>
    Any,
}
