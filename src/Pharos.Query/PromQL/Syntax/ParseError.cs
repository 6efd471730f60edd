namespace Pharos.Query.PromQL.Syntax;

/// <summary>One thing wrong with a query.</summary>
/// <param name="StartOffset">Inclusive, in UTF-16 units.</param>
/// <param name="EndOffset">Exclusive.</param>
public sealed record ParseError(string Message, int StartOffset, int EndOffset);
