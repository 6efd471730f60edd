namespace Pharos.Query.LogQL;

/// <summary>Why a query failed.</summary>
public enum LogQueryErrorKind
{
    /// <summary>The query cannot be answered whatever the data is.</summary>
    Invalid,

    /// <summary>It asks for, or leads to, more than a limit allows.</summary>
    Limit,

    /// <summary>A stage failed on lines, and nothing filters these.</summary>
    Pipeline,

    /// <summary>Elements cannot be matched.</summary>
    Execution,
    Timeout,
    Canceled,
}
