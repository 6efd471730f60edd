using System.Runtime.CompilerServices;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;

namespace Pharos.Query.TraceQL.Syntax;

/// <summary>Reads expressions about a span.</summary>
internal sealed class FieldParser(TraceTokens tokens)
{
    /// <summary>What evaluates and prints an expression calls itself for each expression in another.</summary>
    public const int MaxDepth = 400;

    public FieldExpr Expression(int minPrecedence = 0)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var left = Operand();
        while (tokens.Peek.Kind == TraceTokenKind.Symbol && FieldOperators.OfSymbol(tokens.Peek.Text) is { } op && op.Precedence() >= minPrecedence)
        {
            tokens.Take();
            var right = Expression(op == FieldOperator.Power ? op.Precedence() : op.Precedence() + 1);
            left = Bounded(new FieldExpr.Binary(op, left, right));
        }
        return left;
    }

    /// <summary>Attributes and other expressions, separated by commas, up to a closing parenthesis.</summary>
    public List<FieldExpr> List()
    {
        tokens.Expect("(");
        var fields = new List<FieldExpr> { Expression() };
        while (tokens.TryTake(","))
        {
            fields.Add(Expression());
        }
        tokens.Expect(")");
        return fields;
    }

    /// <summary>Behind a minus, a number is negative at once.</summary>
    public static TraceValue? Negated(TraceValue value) => value.Type switch
    {
        TraceValueKind.Int => TraceValue.OfInt(unchecked(-value.Int)),
        TraceValueKind.Duration => TraceValue.OfDuration(unchecked(-value.Int)),
        TraceValueKind.Float => TraceValue.OfFloat(-value.Number),
        _ => null,
    };

    private FieldExpr Operand()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var token = tokens.Peek;
        if (token.IsLiteral)
        {
            return new FieldExpr.Literal(tokens.Take().Value);
        }
        if (token.Kind == TraceTokenKind.Attribute)
        {
            return tokens.Take().Attribute!;
        }
        if (token.Kind == TraceTokenKind.Word)
        {
            if (TraceWords.TryLiteral(token.Text, out var value))
            {
                tokens.Take();
                return new FieldExpr.Literal(value);
            }
            if (Intrinsics.TryParse(token.Text, out var intrinsic))
            {
                tokens.Take();
                return new FieldExpr.Intrinsic(intrinsic);
            }
            throw tokens.Unexpected();
        }
        if (tokens.TryTake("("))
        {
            var inner = Expression();
            tokens.Expect(")");
            return inner;
        }
        if (tokens.TryTake("!"))
        {
            return Bounded(new FieldExpr.Unary(FieldOperator.Not, Expression(FieldOperator.Multiply.Precedence())));
        }
        if (tokens.TryTake("-"))
        {
            var operand = Expression(FieldOperator.Subtract.Precedence() + 1);
            return operand is FieldExpr.Literal literal && Negated(literal.Value) is { } negative
                ? new FieldExpr.Literal(negative) : Bounded(new FieldExpr.Unary(FieldOperator.Subtract, operand));
        }
        throw tokens.Unexpected();
    }

    private static FieldExpr Bounded(FieldExpr expr) => expr.Depth <= MaxDepth ? expr : throw new TraceSyntaxFailure("expression nested too deeply");
}
