using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Marks the selectors of which only is asked where they have samples, so that most values need not be unpacked.</summary>
internal static class PresenceOnly
{
    public static Expr Mark(Expr expr) => Mark(expr, marks: false);

    /// <param name="marks">Whether who stands around the expression does not look at values.</param>
    private static Expr Mark(Expr expr, bool marks) => expr switch
    {
        ParenExpr paren => paren with { Inner = Mark(paren.Inner, marks) },
        UnaryExpr unary => unary with { Operand = Mark(unary.Operand, marks: false) },
        BinaryExpr binary => binary with { Left = Mark(binary.Left, marks: false), Right = Mark(binary.Right, marks: false) },
        AggregateExpr aggregate => aggregate with
        {
            Operand = Mark(aggregate.Operand, aggregate.Operator is AggregateOperator.Count or AggregateOperator.Group),
            Parameter = aggregate.Parameter is null ? null : Mark(aggregate.Parameter, marks: false),
        },
        CallExpr call => call with { Arguments = [.. call.Arguments.Select(argument => Mark(argument, Marks(call.Function.Name)))] },
        SubqueryExpr subquery => subquery with { Inner = Mark(subquery.Inner, marks: false) },
        VectorSelector vector => Mark(vector, marks),
        MatrixSelector matrix => matrix with { Vector = Mark(matrix.Vector, marks) },
        _ => expr,
    };

    /// <summary>An extended range makes up values between samples.</summary>
    private static VectorSelector Mark(VectorSelector vector, bool marks) =>
        vector with { ReadsPresence = marks && vector.Extension == RangeExtension.None };

    private static bool Marks(string function) => function is "count_over_time" or "present_over_time" or "absent_over_time" or "absent";
}
