using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Caching;

/// <summary>What the value of an expression at a step depends on: samples from <paramref name="FromMs"/> to
/// <paramref name="ToMs"/>, counted from the step, both inclusive.</summary>
internal readonly record struct StepReach(long FromMs, long ToMs)
{
    /// <summary>The reach of an expression whose value at each step stands for itself; null for one that depends on the range that
    /// is asked for, or that may fail for a long range where it does not for parts of it.</summary>
    public static StepReach? Of(Expr expr, long lookbackMs)
    {
        if (!StandsForItself(expr, mayJoin: true))
        {
            return null;
        }
        var extent = new TimeExtent(new StepGrid(0, 0, 0), lookbackMs);
        extent.Visit(expr, 0, 0);
        return new StepReach(Math.Min(0, extent.MinMs), Math.Max(0, extent.MaxMs));
    }

    /// <summary>Prometheus refuses series that become the same by losing their name, at whatever steps of the range they are. So
    /// every selector must have one name, and where several may meet, in <c>or</c>, nothing may follow that takes names away.</summary>
    private static bool StandsForItself(Expr expr, bool mayJoin) => expr switch
    {
        VectorSelector selector => selector is { At: null, OffsetExpr: null } && HasOneName(selector),
        MatrixSelector matrix => matrix.RangeExpr is null && StandsForItself(matrix.Vector, mayJoin),
        SubqueryExpr subquery => subquery is { At: null, OffsetExpr: null, RangeExpr: null, StepExpr: null }
            && StandsForItself(subquery.Inner, mayJoin: false),
        DurationExpr => false,
        AggregateExpr { Operator: AggregateOperator.Limitk or AggregateOperator.LimitRatio } => false,
        CallExpr { Function.Name: "info" or "label_replace" or "label_join" or "start" or "end" or "range" or "step" } => false,
        ParenExpr paren => StandsForItself(paren.Inner, mayJoin),
        BinaryExpr { Operator: BinaryOperator.Or } => mayJoin && ChildrenDo(expr, mayJoin: true),
        _ => ChildrenDo(expr, mayJoin: false),
    };

    private static bool ChildrenDo(Expr expr, bool mayJoin) => expr.Children.All(child => StandsForItself(child, mayJoin));

    private static bool HasOneName(VectorSelector selector) =>
        selector.Matchers.Any(static matcher => matcher is { Type: Storage.Model.MatchType.Equal, Name: Label.MetricName, Value.Length: > 0 });
}
