namespace Pharos.Query.LogQL.Syntax;

/// <summary>Lines of a window, and the number that each of them gives.</summary>
/// <param name="Unwrap">Null where a line counts as itself.</param>
/// <param name="RangeNs">Length of the window, nanoseconds.</param>
/// <param name="OffsetNs">How far the window lies in the past; negative: in the future.</param>
public sealed record LogRange(LogQueryExpr Query, LogUnwrap? Unwrap, long RangeNs, long OffsetNs);
