namespace Pharos.Query.LogQL.Syntax;

/// <summary>The label whose value is a line's number.</summary>
/// <param name="Filters">What comes after: only label filters may.</param>
public sealed record LogUnwrap(string Label, LogConversion Conversion, IReadOnlyList<LogStage.Filter> Filters);
