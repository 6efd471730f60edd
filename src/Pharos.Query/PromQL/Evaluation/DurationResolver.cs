using System.Text;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Replaces duration expressions by the milliseconds they come to in this query.</summary>
internal sealed class DurationResolver(StepGrid grid, string query)
{
    public Expr Resolve(Expr expr) => expr switch
    {
        ParenExpr paren => paren with { Inner = Resolve(paren.Inner) },
        UnaryExpr unary => unary with { Operand = Resolve(unary.Operand) },
        BinaryExpr binary => binary with { Left = Resolve(binary.Left), Right = Resolve(binary.Right) },
        AggregateExpr aggregate => aggregate with
        {
            Operand = Resolve(aggregate.Operand),
            Parameter = aggregate.Parameter is null ? null : Resolve(aggregate.Parameter),
        },
        CallExpr call => call with { Arguments = call.Arguments.Select(Resolve).ToList() },
        VectorSelector vector => Vector(vector),
        MatrixSelector matrix => matrix with
        {
            Vector = Vector(matrix.Vector),
            RangeMs = Positive(matrix.RangeExpr, matrix.RangeMs),
            RangeExpr = null,
        },
        SubqueryExpr subquery => subquery with
        {
            Inner = Resolve(subquery.Inner),
            RangeMs = Positive(subquery.RangeExpr, subquery.RangeMs),
            RangeExpr = null,
            StepMs = Positive(subquery.StepExpr, subquery.StepMs),
            StepExpr = null,
            OffsetMs = Any(subquery.OffsetExpr, subquery.OffsetMs),
            OffsetExpr = null,
        },
        _ => expr,
    };

    private VectorSelector Vector(VectorSelector vector) => vector.OffsetExpr is null ? vector
        : vector with { OffsetMs = Any(vector.OffsetExpr, vector.OffsetMs), OffsetExpr = null };

    private long Any(Expr? expr, long literalMs)
    {
        if (expr is null)
        {
            return literalMs;
        }
        var seconds = Seconds(expr);
        return double.IsFinite(seconds) && Math.Abs(seconds) < long.MaxValue / 1e9 ? (long)(seconds * 1000)
            : throw Fail(expr, "duration is out of range");
    }

    private long Positive(Expr? expr, long literalMs)
    {
        if (expr is not null && Seconds(expr) <= 0)
        {
            throw Fail(expr, "duration must be greater than 0");
        }
        return Any(expr, literalMs);
    }

    private double Seconds(Expr expr)
    {
        if (expr is NumberLiteral number)
        {
            return number.Value;
        }
        var duration = (DurationExpr)expr;
        var left = duration.Left is null ? 0 : Seconds(duration.Left);
        var right = duration.Right is null ? 0 : Seconds(duration.Right);
        return duration.Operator switch
        {
            DurationOperator.Step => grid.StepMs / 1000.0,
            DurationOperator.Range => (grid.EndMs - grid.StartMs) / 1000.0,
            DurationOperator.MinOf => Math.Min(left, right),
            DurationOperator.MaxOf => Math.Max(left, right),
            DurationOperator.Add => left + right,
            DurationOperator.Subtract => left - right,
            DurationOperator.Multiply => left * right,
            DurationOperator.Divide => right != 0 ? left / right : throw Fail(expr, "division by zero"),
            DurationOperator.Modulo => right != 0 ? left % right : throw Fail(expr, "modulo by zero"),
            _ => Math.Pow(left, right),
        };
    }

    /// <summary>Prometheus prints where the expression starts and ends, in bytes, rather than line and column.</summary>
    private QueryException Fail(Expr expr, string message) =>
        new(QueryErrorKind.Parse, $"{Bytes(expr.Position.Start)}:{Bytes(expr.Position.End)}: {message}");

    private int Bytes(int offset) => Encoding.UTF8.GetByteCount(query.AsSpan(0, Math.Min(offset, query.Length)));
}
