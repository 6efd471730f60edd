using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;

namespace Pharos.Alerting.Rules;

/// <summary>One query that a rule has asked.</summary>
/// <param name="Statistics">Null where it failed.</param>
/// <param name="Error">Null where it did not.</param>
public sealed record RuleQueryResult(
    RuleGroupOptions Group, Expr Expr, long TimeMs, QueryStatistics? Statistics, string? Error);
