using System.Collections.Frozen;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Finds what has the same value at every step because <c>@</c> fixes all its selectors.</summary>
internal static class StepInvariance
{
    private static readonly FrozenSet<string> TimeDependent = new[]
    {
        "days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour", "minute", "month", "year", "predict_linear",
        "time", "timestamp", "start", "end", "step", "range",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool Holds(Expr expr) => expr switch
    {
        NumberLiteral or StringLiteral => true,
        VectorSelector vector => vector.At is not null,
        MatrixSelector matrix => matrix.Vector.At is not null,
        SubqueryExpr subquery => subquery.At is not null,
        ParenExpr paren => Holds(paren.Inner),
        UnaryExpr unary => Holds(unary.Operand),
        BinaryExpr binary => Holds(binary.Left) && Holds(binary.Right),
        AggregateExpr aggregate => Holds(aggregate.Operand) && (aggregate.Parameter is null || Holds(aggregate.Parameter)),
        CallExpr call => !TimeDependent.Contains(call.Function.Name) && call.Arguments.All(Holds),
        _ => false,
    };
}
