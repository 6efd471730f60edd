using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Operators;

/// <summary>Binary operators, by the types of their sides.</summary>
internal static class BinaryOperations
{
    public static EvalValue Evaluate(Evaluator evaluator, BinaryExpr expr)
    {
        var left = evaluator.Evaluate(expr.Left);
        var right = evaluator.Evaluate(expr.Right);
        return (left, right) switch
        {
            (EvalValue.Scalar l, EvalValue.Scalar r) => Scalars(expr.Operator, l.Values, r.Values),
            (EvalValue.Vector l, EvalValue.Scalar r) =>
                new EvalValue.Vector(WithScalar(evaluator, expr, l.Series, r.Values, scalarIsLeft: false)),
            (EvalValue.Scalar l, EvalValue.Vector r) =>
                new EvalValue.Vector(WithScalar(evaluator, expr, r.Series, l.Values, scalarIsLeft: true)),
            (EvalValue.Vector l, EvalValue.Vector r) when expr.Operator.IsSet() =>
                new EvalValue.Vector(SetOperations.Evaluate(evaluator, expr, l.Series, r.Series)),
            (EvalValue.Vector l, EvalValue.Vector r) =>
                new EvalValue.Vector(new VectorJoin(evaluator, expr).Evaluate(l.Series, r.Series)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The value and whether a filter keeps it. A comparison yields the left value.</summary>
    public static (double Value, bool Keep) Apply(BinaryOperator op, double left, double right) => op switch
    {
        BinaryOperator.Add => (left + right, true),
        BinaryOperator.Subtract => (left - right, true),
        BinaryOperator.Multiply => (left * right, true),
        BinaryOperator.Divide => (left / right, true),
        BinaryOperator.Modulo => (left % right, true),
        BinaryOperator.Power => (Math.Pow(left, right), true),
        BinaryOperator.Atan2 => (Math.Atan2(left, right), true),
        BinaryOperator.Equal => (left, left == right),
        BinaryOperator.NotEqual => (left, left != right),
        BinaryOperator.Less => (left, left < right),
        BinaryOperator.LessOrEqual => (left, left <= right),
        BinaryOperator.Greater => (left, left > right),
        BinaryOperator.GreaterOrEqual => (left, left >= right),
        _ => (0, false),
    };

    private static EvalValue.Scalar Scalars(BinaryOperator op, double[] left, double[] right)
    {
        var values = new double[left.Length];
        for (var step = 0; step < values.Length; step++)
        {
            var (value, keep) = Apply(op, left[step], right[step]);
            values[step] = op.IsComparison() ? (keep ? 1 : 0) : value;
        }
        return new EvalValue.Scalar(values);
    }

    private static List<SeriesColumn> WithScalar(
        Evaluator evaluator, BinaryExpr expr, List<SeriesColumn> vector, double[] scalar, bool scalarIsLeft)
    {
        var filters = expr.Operator.IsComparison() && !expr.ReturnBool;
        var dropsName = expr.Operator.IsArithmetic() || expr.ReturnBool;
        var operations = new ElementOperations(evaluator.Context.Annotations, expr);
        var output = new List<SeriesColumn>(vector.Count);
        foreach (var series in vector)
        {
            var (labels, dropName) = dropsName ? evaluator.WithoutName(series.Labels) : (series.Labels, series.DropName);
            var column = new SeriesColumn(labels, scalar.Length) { DropName = dropName };
            for (var step = 0; step < scalar.Length; step++)
            {
                if (!series.Present[step])
                {
                    continue;
                }
                var own = series[step];
                Element other = scalar[step];
                if (!operations.TryApply(scalarIsLeft ? other : own, scalarIsLeft ? own : other, out var value, out var keep))
                {
                    continue;
                }
                if (expr.ReturnBool)
                {
                    column.Set(step, keep ? 1 : 0);
                }
                else if (keep)
                {
                    column.Set(step, filters ? own : value);
                }
            }
            output.Add(column);
        }
        return Columns.Merge(output);
    }
}
