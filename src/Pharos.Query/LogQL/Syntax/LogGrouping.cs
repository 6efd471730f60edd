namespace Pharos.Query.LogQL.Syntax;

/// <param name="Without">All labels but these, instead of these only.</param>
public sealed record LogGrouping(IReadOnlyList<string> Labels, bool Without);
