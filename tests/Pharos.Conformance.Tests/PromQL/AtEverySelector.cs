using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Conformance.Tests.PromQL;

/// <summary>Pins a query to a time by giving <c>@</c> to every selector and subquery that has none.</summary>
internal static class AtEverySelector
{
    /// <summary>Null for a query that depends on its own time by a function.</summary>
    public static Expr? Rewrite(Expr expr, long atMs)
    {
        var pinned = Pin(expr, new AtModifier(AtAnchor.Timestamp, atMs));
        return StepInvariance.Holds(pinned) ? pinned : null;
    }

    private static Expr Pin(Expr expr, AtModifier at) => expr switch
    {
        ParenExpr paren => paren with { Inner = Pin(paren.Inner, at) },
        UnaryExpr unary => unary with { Operand = Pin(unary.Operand, at) },
        BinaryExpr binary => binary with { Left = Pin(binary.Left, at), Right = Pin(binary.Right, at) },
        AggregateExpr aggregate => aggregate with
        {
            Operand = Pin(aggregate.Operand, at),
            Parameter = aggregate.Parameter is null ? null : Pin(aggregate.Parameter, at),
        },
        CallExpr call => call with { Arguments = call.Arguments.Select(argument => Pin(argument, at)).ToList() },
        VectorSelector vector => vector with { At = vector.At ?? at },
        MatrixSelector matrix => matrix with { Vector = matrix.Vector with { At = matrix.Vector.At ?? at } },
        SubqueryExpr subquery => subquery with { At = subquery.At ?? at },
        _ => expr,
    };
}
