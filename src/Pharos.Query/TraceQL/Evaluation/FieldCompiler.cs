using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;

namespace Pharos.Query.TraceQL.Evaluation;

/// <summary>Makes functions of expressions, once for all spans of a query.</summary>
internal static class FieldCompiler
{
    /// <summary>Whether a span satisfies a condition; null for no condition.</summary>
    public static Func<TraceSpans, int, bool> Test(FieldExpr? condition)
    {
        switch (condition)
        {
            case null:
                return static (_, _) => true;
            case FieldExpr.Binary { Operator: FieldOperator.And } and:
                var (andLeft, andRight) = (Test(and.Left), Test(and.Right));
                return (trace, span) => andLeft(trace, span) && andRight(trace, span);
            case FieldExpr.Binary { Operator: FieldOperator.Or } or:
                var (orLeft, orRight) = (Test(or.Left), Test(or.Right));
                return (trace, span) => orLeft(trace, span) || orRight(trace, span);
            case FieldExpr.Binary binary when binary.Operator.IsComparison():
                return Comparison(binary);
            case FieldExpr.Unary { Operator: FieldOperator.Not, Operand.Type: TraceValueKind.Bool } not:
                var operand = Test(not.Operand);
                return (trace, span) => !operand(trace, span);
            default:
                var value = Value(condition);
                return (trace, span) => value(trace, span).IsTrue;
        }
    }

    public static Func<TraceSpans, int, TraceValue> Value(FieldExpr expr)
    {
        switch (expr)
        {
            case FieldExpr.Literal literal:
                return (_, _) => literal.Value;
            case FieldExpr.Attribute attribute:
                return (trace, span) => FieldReading.Attribute(trace, span, attribute);
            case FieldExpr.Intrinsic intrinsic:
                return (trace, span) => FieldReading.Intrinsic(trace, span, intrinsic.Which);
            case FieldExpr.Unary { Operator: FieldOperator.Subtract } minus:
                var number = Value(minus.Operand);
                return (trace, span) => TraceOperations.Negate(number(trace, span));
            case FieldExpr.Unary { Operand.Type: not TraceValueKind.Bool } not:
                // An attribute that is no truth value has no opposite.
                var truth = Value(not.Operand);
                return (trace, span) => truth(trace, span) is { Type: TraceValueKind.Bool } value ? TraceValue.OfBool(!value.IsTrue) : TraceValue.Nil;
            case FieldExpr.Binary binary when binary.Operator.IsArithmetic():
                var (left, right) = (Value(binary.Left), Value(binary.Right));
                return (trace, span) => TraceOperations.Reckon(binary.Operator, left(trace, span), right(trace, span));
            default:
                var test = Test(expr);
                return (trace, span) => TraceValue.OfBool(test(trace, span));
        }
    }

    private static Func<TraceSpans, int, bool> Comparison(FieldExpr.Binary binary)
    {
        var op = binary.Operator;
        if (IsNil(binary.Right) || IsNil(binary.Left))
        {
            var present = Value(IsNil(binary.Right) ? binary.Left : binary.Right);
            var wanted = op == FieldOperator.Equal;
            return (trace, span) => present(trace, span).IsNil == wanted;
        }
        if (op.IsRegex())
        {
            var pattern = GoRegex.Anchored(((FieldExpr.Literal)binary.Right).Value.Text);
            var text = Value(binary.Left);
            var negated = op == FieldOperator.NotMatches;
            return (trace, span) => TraceOperations.Matches(negated, text(trace, span), pattern);
        }
        var (left, right) = (Value(WithFullId(binary.Left, binary.Right)), Value(WithFullId(binary.Right, binary.Left)));
        return (trace, span) => TraceOperations.Compare(op, left(trace, span), right(trace, span));
    }

    private static bool IsNil(FieldExpr expr) => expr is FieldExpr.Literal { Value.IsNil: true };

    /// <summary>An id in a query may leave zeros at its beginning out.</summary>
    private static FieldExpr WithFullId(FieldExpr literal, FieldExpr other)
    {
        if (literal is not FieldExpr.Literal { Value: { Type: TraceValueKind.Text, Text.Length: > 0 } value }
            || other is not FieldExpr.Intrinsic intrinsic || !FieldReading.IsId(intrinsic.Which))
        {
            return literal;
        }
        var digits = intrinsic.Which is TraceIntrinsic.TraceId or TraceIntrinsic.LinkTraceId ? 32 : 16;
        return new FieldExpr.Literal(TraceValue.OfText(value.Text.ToLowerInvariant().PadLeft(digits, '0')));
    }
}
