using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Takes a parsed query from its text to its answer.</summary>
internal static class QueryRunner
{
    public static QueryValue Run(QueryContext context, Expr expr, bool instant)
    {
        var grid = context.Grid;
        if (grid.Count == 0)
        {
            return new MatrixValue([]);
        }
        expr = new DurationResolver(grid, context.QueryText).Resolve(expr);
        var extent = new TimeExtent(context);
        extent.Visit(expr, grid.StartMs, grid.EndMs);
        context.Open(Math.Min(extent.MinMs, grid.StartMs), Math.Max(extent.MaxMs, grid.EndMs));
        var evaluator = new Evaluator(context, grid);
        if (expr.Type == ExprType.Matrix)
        {
            return RawRange(evaluator, expr);
        }
        return evaluator.Evaluate(expr) switch
        {
            EvalValue.Text text => new StringValue(grid.StartMs, text.Value),
            EvalValue.Scalar scalar => instant ? new ScalarValue(grid.StartMs, scalar.Values[0])
                : Matrix([new SeriesColumn(Storage.Model.LabelSet.Empty, 0)
                {
                    Values = scalar.Values,
                    Present = Enumerable.Repeat(true, scalar.Values.Length).ToArray(),
                }], grid),
            EvalValue.Vector vector => Answer(Columns.DropNames(vector.Series), grid, instant),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static QueryValue Answer(List<SeriesColumn> series, StepGrid grid, bool instant) => !instant
        ? Matrix(series, grid)
        : new VectorValue(series.Where(column => column.Present[0])
            .Select(column => new VectorSample(column.Labels, grid.StartMs, column.Values[0])).ToList());

    private static MatrixValue Matrix(List<SeriesColumn> series, StepGrid grid)
    {
        var rows = new List<MatrixSeries>(series.Count);
        foreach (var column in series)
        {
            var times = new List<long>();
            var values = new List<double>();
            for (var step = 0; step < column.Values.Length; step++)
            {
                if (column.Present[step])
                {
                    times.Add(grid.At(step));
                    values.Add(column.Values[step]);
                }
            }
            if (times.Count > 0)
            {
                rows.Add(new MatrixSeries(column.Labels, times, values));
            }
        }
        rows.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return new MatrixValue(rows);
    }

    private static MatrixValue RawRange(Evaluator evaluator, Expr expr)
    {
        while (expr is ParenExpr paren)
        {
            expr = paren.Inner;
        }
        var source = new RangeSource(evaluator, expr);
        ExtendedRanges.Check(source.Extension, "a range by itself");
        var rows = new List<MatrixSeries>();
        var buffer = new SampleBuffer();
        for (var i = 0; i < source.Count; i++)
        {
            source.Read(i, evaluator.Grid, buffer);
            evaluator.Context.Budget.Hold(buffer.Count);
            var labels = source.DropName(i) ? source.Labels(i).WithoutMetricName() : source.Labels(i);
            if (buffer.Count > 0)
            {
                rows.Add(new MatrixSeries(labels, buffer.Timestamps.ToArray(), buffer.Values.ToArray()));
            }
        }
        rows.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        return new MatrixValue(rows);
    }
}
