namespace Pharos.Query.LogQL.Syntax;

/// <summary>How a line is searched.</summary>
public enum LineFilterOperator
{
    /// <summary><c>|=</c></summary>
    Contains,

    /// <summary><c>!=</c></summary>
    NotContains,

    /// <summary><c>|~</c></summary>
    Matches,

    /// <summary><c>!~</c></summary>
    NotMatches,

    /// <summary><c>|&gt;</c></summary>
    HasPattern,

    /// <summary><c>!&gt;</c></summary>
    HasNotPattern,
}
