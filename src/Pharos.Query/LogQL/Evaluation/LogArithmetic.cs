using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Operators on two numbers. Where PromQL's division by zero is infinite, LogQL's is no number.</summary>
internal static class LogArithmetic
{
    /// <summary>Of a comparison 1 or 0.</summary>
    public static double Apply(BinaryOperator op, double left, double right) => op switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => right == 0 ? double.NaN : left / right,
        BinaryOperator.Modulo => right == 0 ? double.NaN : left % right,
        BinaryOperator.Power => Math.Pow(left, right),
        _ => Holds(op, left, right) ? 1 : 0,
    };

    public static bool Holds(BinaryOperator comparison, double left, double right) => comparison switch
    {
        BinaryOperator.Equal => left == right,
        BinaryOperator.NotEqual => left != right,
        BinaryOperator.Greater => left > right,
        BinaryOperator.GreaterOrEqual => left >= right,
        BinaryOperator.Less => left < right,
        _ => left <= right,
    };
}
