using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>A stream selector and the stages that its lines go through.</summary>
/// <param name="Matchers">At least one, and at least one that does not match the empty text.</param>
public sealed record LogQueryExpr(IReadOnlyList<LabelMatcher> Matchers, IReadOnlyList<LogStage> Stages) : LogExpr;
