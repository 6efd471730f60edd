using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Changes the label matchers of every selector of a query.</summary>
public static class MatcherEdit
{
    /// <summary>Gives every selector the matcher, in place of those that it has for the same label.</summary>
    public static Expr Set(Expr expr, LabelMatcher matcher) => Rewrite(expr, selector =>
    {
        if (selector.Matchers.Any(other => other.Name == matcher.Name))
        {
            return selector with { Matchers = [.. selector.Matchers.Select(other => other.Name == matcher.Name ? matcher : other)] };
        }
        // The name's own matcher stays last.
        var last = selector.Name.Length > 0 ? selector.Matchers.Count - 1 : selector.Matchers.Count;
        return selector with { Matchers = [.. selector.Matchers.Take(last), matcher, .. selector.Matchers.Skip(last)] };
    });

    /// <summary>Takes the label's matchers out of every selector.</summary>
    public static Expr Delete(Expr expr, string name) => Rewrite(expr, selector =>
        selector with { Matchers = [.. selector.Matchers.Where(other => other.Name != name)] });

    private static Expr Rewrite(Expr expr, Func<VectorSelector, VectorSelector> change) => expr switch
    {
        VectorSelector vector => change(vector),
        MatrixSelector matrix => matrix with { Vector = change(matrix.Vector) },
        ParenExpr paren => paren with { Inner = Rewrite(paren.Inner, change) },
        UnaryExpr unary => unary with { Operand = Rewrite(unary.Operand, change) },
        SubqueryExpr subquery => subquery with { Inner = Rewrite(subquery.Inner, change) },
        BinaryExpr binary => binary with { Left = Rewrite(binary.Left, change), Right = Rewrite(binary.Right, change) },
        CallExpr call => call with { Arguments = [.. call.Arguments.Select(argument => Rewrite(argument, change))] },
        AggregateExpr aggregate => aggregate with
        {
            Operand = Rewrite(aggregate.Operand, change),
            Parameter = aggregate.Parameter is null ? null : Rewrite(aggregate.Parameter, change),
        },
        _ => expr,
    };
}
