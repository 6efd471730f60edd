using Pharos.Query.PromQL.Functions;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Takes a parsed query from its text to its answer.</summary>
internal static class QueryRunner
{
    /// <param name="clock">Told where preparation ends, evaluation, and sorting.</param>
    /// <param name="samples">Counts what is read for each step.</param>
    public static QueryValue Run(QueryContext context, Expr expr, bool instant, QueryClock clock, SampleCounts samples)
    {
        var grid = context.Grid;
        if (grid.Count == 0)
        {
            return new MatrixValue([]);
        }
        expr = StatisticsOnly.Mark(new DurationResolver(grid, context.QueryText).Resolve(expr));
        var extent = new TimeExtent(grid, context.LookbackMs);
        extent.Visit(expr, grid.StartMs, grid.EndMs);
        context.Open(Math.Min(extent.MinMs, grid.StartMs), Math.Max(extent.MaxMs, grid.EndMs));
        clock.Prepared();
        var evaluator = new Evaluator(context, grid, samples);
        var value = expr.Type == ExprType.Matrix ? RawRange(evaluator, expr) : Answer(evaluator.Evaluate(expr), grid, instant);
        clock.Evaluated();
        if (value is MatrixValue matrix)
        {
            value = new MatrixValue([.. matrix.Series.OrderBy(static series => series.Labels)]);
        }
        clock.Sorted();
        return value;
    }

    private static QueryValue Answer(EvalValue value, StepGrid grid, bool instant)
    {
        switch (value)
        {
            case EvalValue.Text text: return new StringValue(grid.StartMs, text.Value);
            case EvalValue.Scalar scalar when instant: return new ScalarValue(grid.StartMs, scalar.Values[0]);
            case EvalValue.Scalar scalar:
                var present = new bool[scalar.Values.Length];
                Array.Fill(present, true);
                return Matrix([new SeriesColumn(LabelSet.Empty, 0) { Values = scalar.Values, Present = present }], grid);
            case EvalValue.Vector vector when instant:
                return new VectorValue(Columns.DropNames(vector.Series).Where(column => column.Present[0])
                    .Select(column => new VectorSample(column.Labels, grid.StartMs,
                        column.HasHistogram(0) ? 0 : column.Values[0], column.Histograms?[0])).ToList());
            case EvalValue.Vector vector: return Matrix(Columns.DropNames(vector.Series), grid);
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static MatrixValue Matrix(List<SeriesColumn> series, StepGrid grid)
    {
        var rows = new List<MatrixSeries>(series.Count);
        foreach (var column in series)
        {
            var times = new List<long>();
            var values = new List<double>();
            var histograms = new List<(long, NativeHistogram)>();
            for (var step = 0; step < column.Steps; step++)
            {
                if (column.Histograms?[step] is { } histogram)
                {
                    histograms.Add((grid.At(step), histogram));
                }
                else if (column.Present[step])
                {
                    times.Add(grid.At(step));
                    values.Add(column.Values[step]);
                }
            }
            if (times.Count + histograms.Count > 0)
            {
                rows.Add(new MatrixSeries(column.Labels, times, values) { Histograms = histograms });
            }
        }
        return new MatrixValue(rows);
    }

    private static MatrixValue RawRange(Evaluator evaluator, Expr expr)
    {
        var source = new RangeSource(evaluator, expr.Unwrapped());
        ExtendedRanges.Check(source.Extension, "a range by itself");
        evaluator.Samples.Add(0, source.InnerSamples);
        var rows = new List<MatrixSeries>();
        var buffer = new WindowSamples();
        for (var i = 0; i < source.Count; i++)
        {
            evaluator.Context.Cancellation.ThrowIfCancellationRequested();
            source.Read(i, evaluator.Grid, buffer);
            var labels = source.DropName(i) ? Signatures.WithoutMetadata(source.Labels(i)) : source.Labels(i);
            if (buffer.Count == 0)
            {
                continue;
            }
            var (numbers, histograms) = (buffer.Numbers, buffer.Histograms);
            var points = new List<(long, NativeHistogram)>(histograms.Count);
            var weight = (long)numbers.Count;
            for (var h = 0; h < histograms.Count; h++)
            {
                points.Add((histograms.Timestamps[h], histograms.Histograms[h]!));
                weight += SampleWeight.Of(histograms.Histograms[h]!);
            }
            if (source.IsStored)
            {
                evaluator.Context.Budget.Hold(weight);
                evaluator.Samples.Add(0, weight);
            }
            rows.Add(new MatrixSeries(labels, numbers.Timestamps.ToArray(), numbers.Values.ToArray()) { Histograms = points });
        }
        return new MatrixValue(rows);
    }
}
