using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>One query being answered.</summary>
internal sealed class LogQueryRun(LogEngineOptions options, TimeProvider time, ILogStore store, string tenant, CancellationToken cancellation)
{
    /// <summary>Series times steps that one selector may give: 9 bytes each, and twice as much while they are made.</summary>
    public const int MaxCells = 20_000_000;

    private const long NsPerMs = 1_000_000;

    private readonly LogQueryContext _context = new(options, time, store, tenant, cancellation);
    private readonly List<string> _warnings = [];

    public LogQueryResult Lines(LogQueryExpr query, LogRangeRequest request)
    {
        LogLimits.CheckLines(options, request);
        var entries = LineQuery.Find(_context, query, request);
        return Done(new LogStreamsResult(entries), entries.Count);
    }

    public LogQueryResult Matrix(MetricExpr expr, LogRangeRequest request)
    {
        var grid = LogLimits.Grid(options, request);
        var matrix = new List<MatrixSeries>();
        foreach (var series in new MetricEvaluation(_context, grid, isInstant: false).Evaluate(expr))
        {
            var times = new List<long>();
            var values = new List<double>();
            for (var step = 0; step < grid.Count; step++)
            {
                if (series.Present[step])
                {
                    times.Add(grid.At(step) / NsPerMs);
                    values.Add(series.Values[step]);
                }
            }
            if (times.Count > 0)
            {
                matrix.Add(new MatrixSeries(series.Labels, times, values));
            }
        }
        matrix.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        Cut(matrix);
        return Done(new LogMatrixResult(matrix), matrix.Sum(static series => series.Values.Count));
    }

    public LogQueryResult Vector(MetricExpr expr, long timeNs)
    {
        if (expr is MetricExpr.Number number)
        {
            return Done(new LogScalarResult(timeNs / NsPerMs, number.Value), 1);
        }
        var grid = new StepGrid(timeNs, 1, 1);
        var samples = new List<VectorSample>();
        foreach (var series in new MetricEvaluation(_context, grid, isInstant: true).Evaluate(expr))
        {
            if (series.Present[0])
            {
                samples.Add(new VectorSample(series.Labels, timeNs / NsPerMs, series.Values[0]));
            }
        }
        samples.Sort(static (left, right) => left.Labels.CompareTo(right.Labels));
        Cut(samples);
        if (expr is MetricExpr.VectorAggregation { Operation: >= VectorOperation.Topk and var operation })
        {
            var largestFirst = operation is VectorOperation.Topk or VectorOperation.ApproxTopk or VectorOperation.SortDesc;
            samples = [.. samples.Order(Comparer<VectorSample>.Create((left, right) => LogAggregation.Order(left.Value, right.Value, largestFirst)))];
        }
        return Done(new LogVectorResult(samples), samples.Count);
    }

    private void Cut<T>(List<T> series)
    {
        if (options.MaxSeries <= 0 || series.Count <= options.MaxSeries)
        {
            return;
        }
        if (!options.CutsSeries)
        {
            throw LogLimits.Limit(LogLimits.TooManySeries(options.MaxSeries));
        }
        series.RemoveRange(options.MaxSeries, series.Count - options.MaxSeries);
        _warnings.Add(LogLimits.TooManySeries(options.MaxSeries) + "; returning partial results");
    }

    private T Done<T>(T result, int returned)
        where T : LogQueryResult
    {
        if (_context.DamagedEntries > 0)
        {
            _warnings.Add($"up to {_context.DamagedEntries} lines may be missing: blocks of the store that the query looks at are damaged");
        }
        return result with { Statistics = _context.Statistics with { Returned = returned }, Warnings = _warnings };
    }
}
