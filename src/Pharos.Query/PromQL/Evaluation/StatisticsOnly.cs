using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Marks the selectors of whose native histograms only count and sum are asked: Prometheus reads those without their
/// buckets, and in doing so finds out what each says of resets.</summary>
internal static class StatisticsOnly
{
    public static Expr Mark(Expr expr) => Mark(expr, marks: false);

    private static Expr Mark(Expr expr, bool marks) => expr switch
    {
        ParenExpr paren => paren with { Inner = Mark(paren.Inner, marks) },
        UnaryExpr unary => unary with { Operand = Mark(unary.Operand, marks) },
        BinaryExpr binary => binary with { Left = Mark(binary.Left, marks), Right = Mark(binary.Right, marks) },
        AggregateExpr aggregate => aggregate with
        {
            Operand = Mark(aggregate.Operand, marks),
            Parameter = aggregate.Parameter is null ? null : Mark(aggregate.Parameter, marks),
        },
        CallExpr call => call with { Arguments = [.. call.Arguments.Select(argument => Mark(argument, Marks(call, marks)))] },
        // Inside a subquery resets are found by comparing buckets.
        SubqueryExpr subquery => subquery with { Inner = Mark(subquery.Inner, marks: false) },
        VectorSelector vector => vector with { ReadsStatistics = marks },
        MatrixSelector matrix => matrix with { Vector = matrix.Vector with { ReadsStatistics = marks } },
        _ => expr,
    };

    private static bool Marks(CallExpr call, bool outer) => call.Function.Name switch
    {
        "histogram_count" or "histogram_sum" or "histogram_avg" => true,
        "histogram_quantile" or "histogram_quantiles" or "histogram_fraction" => false,
        _ => outer,
    };
}
