using System.Runtime.CompilerServices;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Checks a whole tree, collects what is wrong in Prometheus' order, and puts matching into its final form.</summary>
internal sealed class TypeChecker(string query, List<ParseError> errors)
{
    /// <exception cref="InsufficientExecutionStackException">The tree is higher than the thread's stack allows.</exception>
    public Expr Check(Expr expr)
    {
        // The tallest frames of all that walk a tree: what passes here can be printed and shown, too.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return expr switch
        {
            ParenExpr paren => paren with { Inner = Check(paren.Inner) },
            UnaryExpr unary => Unary(unary),
            BinaryExpr binary => Binary(binary),
            AggregateExpr aggregate => Aggregate(aggregate),
            CallExpr call => Call(call),
            SubqueryExpr subquery => Subquery(subquery),
            MatrixSelector matrix => matrix with { Vector = Selector(matrix.Vector) },
            VectorSelector vector => Selector(vector),
            _ => expr,
        };
    }

    private BinaryExpr Binary(BinaryExpr binary)
    {
        var op = binary.Operator;
        var (left, right) = (Check(binary.Left), Check(binary.Right));
        var matching = binary.Matching!;
        if (binary.ReturnBool && !op.IsComparison())
        {
            Add("bool modifier can only be used on comparison operators", OperatorRange(left, right));
        }
        if (op.IsComparison() && !binary.ReturnBool && left.Type == ExprType.Scalar && right.Type == ExprType.Scalar)
        {
            Add("comparisons between scalars must use BOOL modifier", OperatorRange(left, right));
        }
        foreach (var label in matching.Labels.Where(label => matching.On && matching.Include.Contains(label)))
        {
            Add($"label {GoQuote.Quote(label)} must not occur in ON and GROUP clause at once", OperatorRange(left, right));
        }
        Operand(left);
        Operand(right);
        var bothVector = left.Type == ExprType.Vector && right.Type == ExprType.Vector;
        if (!bothVector)
        {
            ScalarMatching(op, left, right, matching, binary.Position);
        }
        return binary with
        {
            Left = left,
            Right = right,
            Matching = !bothVector ? null : op.IsSet() ? SetMatching(op, matching, binary.Position) : matching,
        };
    }

    private UnaryExpr Unary(UnaryExpr unary)
    {
        var operand = Check(unary.Operand);
        if (operand.Type is not (ExprType.Scalar or ExprType.Vector))
        {
            Add("unary expression only allowed on expressions of type scalar or instant vector, got " +
                GoQuote.Quote(operand.Type.Documented()), unary.Position);
        }
        return unary with { Operand = operand };
    }

    private AggregateExpr Aggregate(AggregateExpr aggregate)
    {
        var operand = Expect(aggregate.Operand, ExprType.Vector, "aggregation expression");
        var wanted = aggregate.Operator == AggregateOperator.CountValues ? ExprType.String : ExprType.Scalar;
        var parameter = aggregate.Parameter is null ? null : Expect(aggregate.Parameter, wanted, "aggregation parameter");
        return aggregate with { Operand = operand, Parameter = parameter };
    }

    private CallExpr Call(CallExpr call)
    {
        var function = call.Function;
        var given = call.Arguments.Count;
        var declared = function.ArgumentTypes.Count;
        var name = GoQuote.Quote(function.Name);
        if (function.Variadic == 0)
        {
            if (given != declared)
            {
                Add($"expected {declared} argument(s) in call to {name}, got {given}", call.Position);
            }
        }
        else if (given < declared - 1)
        {
            Add($"expected at least {declared - 1} argument(s) in call to {name}, got {given}", call.Position);
        }
        else if (function.Variadic > 0 && given > declared - 1 + function.Variadic)
        {
            Add($"expected at most {declared - 1 + function.Variadic} argument(s) in call to {name}, got {given}", call.Position);
        }
        var arguments = function.Name == "info" && given > 1 ? InfoArguments(call.Arguments) : call.Arguments;
        return call with
        {
            Arguments = [.. arguments.Select((argument, i) => i >= declared && function.Variadic == 0 ? argument
                : Expect(argument, function.ArgumentTypes[Math.Min(i, declared - 1)], $"call to function {name}"))],
        };
    }

    private SubqueryExpr Subquery(SubqueryExpr subquery)
    {
        var inner = Check(subquery.Inner);
        if (inner.Type != ExprType.Vector)
        {
            Add($"subquery is only allowed on instant vector, got {inner.Type.Name()} instead", subquery.Position);
        }
        return subquery with { Inner = inner };
    }

    private VectorSelector Selector(VectorSelector selector)
    {
        if (selector.Name.Length > 0)
        {
            foreach (var other in selector.Matchers.Take(selector.Matchers.Count - 1)
                .Where(matcher => matcher.Name == Label.MetricName))
            {
                Add($"metric name must not be set twice: {GoQuote.Quote(selector.Name)} or {GoQuote.Quote(other.Value)}",
                    selector.Position);
            }
        }
        else if (!selector.AllowsEmptyMatchers && selector.Matchers.All(matcher => matcher.MatchesEmpty))
        {
            Add("vector selector must contain at least one non-empty matcher", selector.Position);
        }
        return selector;
    }

    private IReadOnlyList<Expr> InfoArguments(IReadOnlyList<Expr> arguments)
    {
        if (arguments[1] is not VectorSelector labels)
        {
            Add("expected label selectors only", arguments[1].Position);
            return arguments;
        }
        if (labels.Name.Length > 0)
        {
            Add("expected label selectors only, got vector selector instead", labels.Position);
        }
        return [arguments[0], labels with { AllowsEmptyMatchers = true }, .. arguments.Skip(2)];
    }

    private void Operand(Expr side)
    {
        if (side.Type is not (ExprType.Scalar or ExprType.Vector))
        {
            Add("binary expression must contain only scalar and instant vector types", side.Position);
        }
    }

    private void ScalarMatching(
        BinaryOperator op, Expr left, Expr right, VectorMatching matching, PositionRange position)
    {
        if (matching.Labels.Count > 0)
        {
            Add("vector matching only allowed between instant vectors", position);
        }
        if (matching.FillLeft is not null || matching.FillRight is not null)
        {
            Add("filling in missing series only allowed between instant vectors", position);
        }
        if (op.IsSet() && (left.Type == ExprType.Scalar || right.Type == ExprType.Scalar))
        {
            Add($"set operator {GoQuote.Quote(op.Symbol())} not allowed in binary scalar expression", position);
        }
    }

    private VectorMatching SetMatching(BinaryOperator op, VectorMatching matching, PositionRange position)
    {
        if (matching.Cardinality != MatchCardinality.OneToOne)
        {
            Add($"no grouping allowed for {GoQuote.Quote(op.Symbol())} operation", position);
            Add("set operations must always be many-to-many", position);
        }
        if (matching.FillLeft is not null || matching.FillRight is not null)
        {
            Add("filling in missing series not allowed for set operators", position);
        }
        return matching with { Cardinality = MatchCardinality.ManyToMany };
    }

    private Expr Expect(Expr expr, ExprType wanted, string context)
    {
        var final = Check(expr);
        if (final.Type != wanted)
        {
            Add($"expected type {wanted.Documented()} in {context}, got {final.Type.Documented()}", expr.Position);
        }
        return final;
    }

    /// <summary>What stands between the operands, blanks left out; its end is one short, as Prometheus reports it.</summary>
    private PositionRange OperatorRange(Expr left, Expr right)
    {
        var start = left.Position.End;
        while (start < query.Length && char.IsWhiteSpace(query[start]))
        {
            start++;
        }
        var end = right.Position.Start - 1;
        while (end > start && char.IsWhiteSpace(query[end]))
        {
            end--;
        }
        return new PositionRange(start, end);
    }

    private void Add(string message, PositionRange position) =>
        errors.Add(new ParseError(message, position.Start, position.End));
}
