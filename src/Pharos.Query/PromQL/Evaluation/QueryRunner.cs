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
        expr = context.Options.UseFastPaths ? PresenceOnly.Mark(expr) : expr;
        var extent = new TimeExtent(grid, context.LookbackMs);
        extent.Visit(expr, grid.StartMs, grid.EndMs);
        context.Open(Math.Min(extent.MinMs, grid.StartMs), Math.Max(extent.MaxMs, grid.EndMs));
        clock.Prepared();
        var evaluator = new Evaluator(context, grid, samples);
        var value = expr.Type == ExprType.Matrix ? RawRange(evaluator, expr) : Answer(evaluator.Evaluate(expr), grid, instant);
        clock.Evaluated();
        if (value is MatrixValue matrix)
        {
            value = Sorted(matrix);
        }
        clock.Sorted();
        return value;
    }

    /// <summary>Selectors answer in the order of labels already.</summary>
    private static MatrixValue Sorted(MatrixValue matrix)
    {
        for (var i = 1; i < matrix.Series.Count; i++)
        {
            if (matrix.Series[i - 1].Labels > matrix.Series[i].Labels)
            {
                return new MatrixValue([.. matrix.Series.OrderBy(static series => series.Labels)]);
            }
        }
        return matrix;
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
        var allTimes = new long[grid.Count];
        for (var step = 0; step < allTimes.Length; step++)
        {
            allTimes[step] = grid.At(step);
        }
        // Most series have their points at the same steps as the one before them.
        var (lastPresent, lastTimes) = ((bool[])[], (long[])[]);
        foreach (var column in series)
        {
            var present = Columns.Numbers(column);
            if (!present.AsSpan().SequenceEqual(lastPresent))
            {
                (lastPresent, lastTimes) = (present, At(present, allTimes));
            }
            var histograms = Histograms(column, allTimes);
            if (lastTimes.Length + histograms.Length > 0)
            {
                rows.Add(new MatrixSeries(column.Labels, lastTimes, At(present, column.Values)) { Histograms = histograms });
            }
        }
        return new MatrixValue(rows);
    }

    /// <summary>What stands where something is present; all of it is not copied.</summary>
    private static T[] At<T>(ReadOnlySpan<bool> present, T[] all)
    {
        var count = present.Count(true);
        if (count == all.Length)
        {
            return all;
        }
        var picked = new T[count];
        var first = Math.Max(0, present.IndexOf(true));
        if (!present[first..Math.Min(all.Length, first + count)].Contains(false))
        {
            all.AsSpan(first, count).CopyTo(picked);
            return picked;
        }
        var next = 0;
        for (var step = 0; step < all.Length; step++)
        {
            if (present[step])
            {
                picked[next++] = all[step];
            }
        }
        return picked;
    }

    private static (long TimestampMs, NativeHistogram Histogram)[] Histograms(SeriesColumn column, long[] times)
    {
        if (column.Histograms is null)
        {
            return [];
        }
        var found = new List<(long, NativeHistogram)>();
        for (var step = 0; step < times.Length; step++)
        {
            if (column.Histograms[step] is { } histogram)
            {
                found.Add((times[step], histogram));
            }
        }
        return [.. found];
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
