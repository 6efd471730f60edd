using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki;
using Pharos.Server.Configuration.Loki;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Logs;

/// <summary>What of a tenant's limits is about a query's text.</summary>
internal static class QueryLimits
{
    /// <exception cref="LokiRefusal">A limit forbids the query.</exception>
    public static void Check(LogExpr expr, LokiLimits limits)
    {
        if (limits.BlockedQueries.Count > 0 && limits.BlockedQueries.Any(blocked => blocked.Blocks(expr.ToString(), TypeOf(expr))))
        {
            throw LokiRefusal.BadRequest("query blocked by policy");
        }
        if (limits.MaxMatchers > 0 && Selectors(expr).FirstOrDefault(matchers => matchers.Count > limits.MaxMatchers) is { } many)
        {
            throw LokiRefusal.BadRequest($"max streams matchers per query exceeded, matchers-count > limit ({many.Count} > {limits.MaxMatchers})");
        }
        if (limits.RequiredLabels.Count == 0 && limits.MinimumMatchers == 0)
        {
            return;
        }
        foreach (var matchers in Selectors(expr))
        {
            var names = matchers.Select(static matcher => matcher.Name).Distinct(StringComparer.Ordinal).ToList();
            var missing = limits.RequiredLabels.Except(names, StringComparer.Ordinal).ToList();
            if (missing.Count > 0)
            {
                throw LokiRefusal.BadRequest(
                    $"stream selector is missing required matchers [{string.Join(", ", missing)}], "
                    + $"labels present in the query were [{string.Join(", ", names)}]");
            }
            if (names.Count < limits.MinimumMatchers)
            {
                throw LokiRefusal.BadRequest(
                    $"stream selector has less label matchers than required: (present: [{string.Join(", ", names)}], "
                    + $"number_present: {names.Count}, required_number_label_matchers: {limits.MinimumMatchers})");
            }
        }
    }

    /// <summary>What is older may not be asked for.</summary>
    public static long EarliestNs(LokiLimits limits, TimeProvider time) => limits.MaxQueryLookback <= TimeSpan.Zero ? long.MinValue
        : NanosecondTime.Of(time.GetUtcNow() - limits.MaxQueryLookback);

    /// <summary>Every selector of a query.</summary>
    public static IEnumerable<IReadOnlyList<LabelMatcher>> Selectors(LogExpr expr) => expr switch
    {
        LogQueryExpr query => [query.Matchers],
        MetricExpr.RangeAggregation range => [range.Range.Query.Matchers],
        MetricExpr.VectorAggregation vector => Selectors(vector.Operand),
        MetricExpr.Binary binary => Selectors(binary.Left).Concat(Selectors(binary.Right)),
        MetricExpr.LabelReplace replace => Selectors(replace.Operand),
        _ => [],
    };

    private static string TypeOf(LogExpr expr) => expr is MetricExpr ? "metric" : ((LogQueryExpr)expr).Stages.Count > 0 ? "filter" : "limited";
}
