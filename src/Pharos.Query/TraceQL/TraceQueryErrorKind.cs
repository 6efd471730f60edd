namespace Pharos.Query.TraceQL;

/// <summary>Why a query failed.</summary>
public enum TraceQueryErrorKind
{
    /// <summary>The query cannot be answered whatever the data is.</summary>
    Invalid,

    /// <summary>It asks for, or leads to, more than a limit allows.</summary>
    Limit,
    Timeout,
    Canceled,
}
