using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Checks each node as it is made, collects what is wrong, and puts matching into its final form.</summary>
internal sealed class TypeChecker(string query, PromParserOptions options, List<ParseError> errors)
{
    public Expr Binary(BinaryOperator op, Expr left, Expr right, VectorMatching matching, bool returnBool)
    {
        var position = new PositionRange(left.Position.Start, right.Position.End);
        if (!options.FillModifiers && (matching.FillLeft is not null || matching.FillRight is not null))
        {
            Add("binop fill modifiers are experimental and not enabled", position);
        }
        var bothScalar = left.Type == ExprType.Scalar && right.Type == ExprType.Scalar;
        var bothVector = left.Type == ExprType.Vector && right.Type == ExprType.Vector;
        if (returnBool && !op.IsComparison())
        {
            Add("bool modifier can only be used on comparison operators", OperatorRange(left, right));
        }
        if (op.IsComparison() && !returnBool && bothScalar)
        {
            Add("comparisons between scalars must use BOOL modifier", OperatorRange(left, right));
        }
        foreach (var label in matching.Labels.Where(label => matching.On && matching.Include.Contains(label)))
        {
            Add($"label {GoQuote.Quote(label)} must not occur in ON and GROUP clause at once", OperatorRange(left, right));
        }
        Operand(left);
        Operand(right);
        if (!bothVector)
        {
            ScalarMatching(op, left, right, matching, position);
            return new BinaryExpr(op, left, right, null, returnBool) { Position = position };
        }
        return new BinaryExpr(op, left, right, op.IsSet() ? SetMatching(op, matching, position) : matching, returnBool)
        {
            Position = position,
        };
    }

    public UnaryExpr Unary(UnaryExpr unary)
    {
        if (unary.Operand.Type is not (ExprType.Scalar or ExprType.Vector))
        {
            Add("unary expression only allowed on expressions of type scalar or instant vector, got " +
                GoQuote.Quote(unary.Operand.Type.Documented()), unary.Position);
        }
        return unary;
    }

    public AggregateExpr Aggregate(
        AggregateOperator op, List<Expr> arguments, IReadOnlyList<string> grouping, bool without, PositionRange position)
    {
        if (op.IsExperimental() && !options.ExperimentalFunctions)
        {
            Add($"{op.Symbol()}() is experimental and must be enabled with " +
                "--enable-feature=promql-experimental-functions", position);
        }
        if (arguments.Count == 0)
        {
            throw TokenStream.Fail("no arguments for aggregate expression provided", position);
        }
        var wanted = op.HasParameter() ? 2 : 1;
        if (arguments.Count != wanted)
        {
            throw TokenStream.Fail("wrong number of arguments for aggregate expression provided, " +
                $"expected {wanted}, got {arguments.Count}", position);
        }
        var operand = arguments[^1];
        Expect(operand, ExprType.Vector, "aggregation expression");
        if (wanted == 2)
        {
            Expect(arguments[0], op == AggregateOperator.CountValues ? ExprType.String : ExprType.Scalar,
                "aggregation parameter");
        }
        return new AggregateExpr(op, operand, wanted == 2 ? arguments[0] : null, grouping, without)
        {
            Position = position,
        };
    }

    public CallExpr Call(CallExpr call)
    {
        var function = call.Function;
        if (function.Experimental && !options.ExperimentalFunctions)
        {
            var start = call.Position.Start;
            Add($"function {GoQuote.Quote(function.Name)} is not enabled", new PositionRange(start, start + function.Name.Length));
        }
        var given = call.Arguments.Count;
        var declared = function.ArgumentTypes.Count;
        if (function.Variadic == 0)
        {
            if (given != declared)
            {
                Add($"expected {declared} argument(s) in call to {GoQuote.Quote(function.Name)}, got {given}", call.Position);
            }
        }
        else if (given < declared - 1)
        {
            Add($"expected at least {declared - 1} argument(s) in call to {GoQuote.Quote(function.Name)}, got {given}",
                call.Position);
        }
        else if (function.Variadic > 0 && given > declared - 1 + function.Variadic)
        {
            Add($"expected at most {declared - 1 + function.Variadic} argument(s) in call to " +
                $"{GoQuote.Quote(function.Name)}, got {given}", call.Position);
        }
        for (var i = 0; i < given && (i < declared || function.Variadic != 0); i++)
        {
            Expect(call.Arguments[i], function.ArgumentTypes[Math.Min(i, declared - 1)],
                $"call to function {GoQuote.Quote(function.Name)}");
        }
        return function.Name == "info" && given > 1 ? InfoCall(call) : call;
    }

    /// <summary><c>anchored</c> or <c>smoothed</c> after an operand.</summary>
    public void Extension(string word, Expr operand)
    {
        if (!options.ExtendedRangeSelectors)
        {
            Add($"{word} modifier is experimental and not enabled", operand.Position);
        }
    }

    public SubqueryExpr Subquery(SubqueryExpr subquery)
    {
        if (subquery.Inner.Type != ExprType.Vector)
        {
            Add($"subquery is only allowed on instant vector, got {subquery.Inner.Type.Name()} instead", subquery.Position);
        }
        return subquery;
    }

    public VectorSelector Selector(VectorSelector selector)
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
        else if (selector.Matchers.All(matcher => matcher.MatchesEmpty))
        {
            // Taken back where the selector turns out to be the second argument of info().
            Add(EmptyMatchers, selector.Position);
        }
        return selector;
    }

    private const string EmptyMatchers = "vector selector must contain at least one non-empty matcher";

    private CallExpr InfoCall(CallExpr call)
    {
        if (call.Arguments[1] is not VectorSelector labels)
        {
            Add("expected label selectors only", call.Arguments[1].Position);
            return call;
        }
        if (labels.Name.Length > 0)
        {
            Add("expected label selectors only, got vector selector instead", labels.Position);
        }
        errors.RemoveAll(error => error.Message == EmptyMatchers && error.StartOffset == labels.Position.Start);
        return call with { Arguments = [call.Arguments[0], labels with { AllowsEmptyMatchers = true }] };
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

    private void Expect(Expr expr, ExprType wanted, string context)
    {
        if (expr.Type != wanted)
        {
            Add($"expected type {wanted.Documented()} in {context}, got {expr.Type.Documented()}", expr.Position);
        }
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
