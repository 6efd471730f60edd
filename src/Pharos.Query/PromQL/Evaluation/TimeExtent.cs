using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Finds the span of time that a query's selectors may read.</summary>
/// <param name="grid">The query's own times.</param>
internal sealed class TimeExtent(StepGrid grid, long lookbackMs)
{
    public long MinMs { get; private set; } = long.MaxValue;

    public long MaxMs { get; private set; } = long.MinValue;

    public void Visit(Expr expr, long fromMs, long toMs)
    {
        switch (expr)
        {
            case VectorSelector vector: Add(vector, lookbackMs, fromMs, toMs); break;
            case MatrixSelector matrix:
                var extended = matrix.Vector.Extension != RangeExtension.None;
                Add(matrix.Vector, matrix.RangeMs + (extended ? lookbackMs : 0), fromMs, toMs);
                break;
            case SubqueryExpr subquery:
                var at = subquery.At?.Resolve(grid.StartMs, grid.EndMs);
                Visit(subquery.Inner, (at ?? fromMs) - subquery.OffsetMs - subquery.RangeMs, (at ?? toMs) - subquery.OffsetMs);
                break;
            case ParenExpr paren: Visit(paren.Inner, fromMs, toMs); break;
            case UnaryExpr unary: Visit(unary.Operand, fromMs, toMs); break;
            case BinaryExpr binary:
                Visit(binary.Left, fromMs, toMs);
                Visit(binary.Right, fromMs, toMs);
                break;
            case AggregateExpr aggregate:
                Visit(aggregate.Operand, fromMs, toMs);
                if (aggregate.Parameter is not null)
                {
                    Visit(aggregate.Parameter, fromMs, toMs);
                }
                break;
            case CallExpr { Function.Name: "info" } info:
                Visit(info.Arguments[0], fromMs, toMs);
                Visit(new InfoSelector(info).Series(), fromMs, toMs);
                break;
            case CallExpr call:
                foreach (var argument in call.Arguments)
                {
                    Visit(argument, fromMs, toMs);
                }
                break;
            default: break;
        }
    }

    private void Add(VectorSelector selector, long backMs, long fromMs, long toMs)
    {
        var fixedMs = selector.At?.Resolve(grid.StartMs, grid.EndMs);
        var aheadMs = selector.Extension == RangeExtension.Smoothed ? lookbackMs : 0;
        MinMs = Math.Min(MinMs, (fixedMs ?? fromMs) - selector.OffsetMs - backMs);
        MaxMs = Math.Max(MaxMs, (fixedMs ?? toMs) - selector.OffsetMs + aheadMs);
    }
}
