using System.Diagnostics;
using Pharos.Query.TraceQL.Results;
using Pharos.Query.TraceQL.Syntax;
using Pharos.Query.TraceQL.Values;
using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Traces;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>Reckons the numbers of one query.</summary>
internal sealed class MetricsRun
{
    private readonly TraceEngineOptions _options;
    private readonly TraceMetricsRequest _request;
    private readonly MetricsGrid _grid;
    private readonly MeasuredSpans _spans;
    private readonly CellBudget _budget;

    public MetricsRun(ITraceStore store, TraceEngineOptions options, TraceMetricsRequest request, MetricsGrid grid, CancellationToken cancellation)
    {
        _options = options;
        _request = request;
        _grid = grid;
        _spans = new MeasuredSpans(store, request.Tenant, grid, cancellation);
        _budget = new CellBudget(options.MaxCells);
    }

    public TraceMetricsResult Run(MetricsExpr expr)
    {
        var series = Of(expr).Where(static one => Array.Exists(one.Values, static value => !double.IsNaN(value)))
            .OrderBy(static one => one.LabelText, StringComparer.Ordinal).ToList();
        var kept = series.Take(_options.MaxSeries).ToList();
        return new TraceMetricsResult(
            [.. Enumerable.Range(0, _grid.Count).Select(_grid.TimeMs)], kept, series.Count - kept.Count, _spans.Inspected);
    }

    private List<TraceSeries> Of(MetricsExpr expr) => expr switch
    {
        MetricsExpr.Measure { Function: MetricsFunction.Compare } compare => Compare(compare),
        MetricsExpr.Measure measure => Measure(measure),
        MetricsExpr.Best best => Best(Of(best.Of), best.Count, best.IsBottom),
        MetricsExpr.Compared compared => Keep(Of(compared.Of), compared.Operator, SecondsOf(compared.Value)),
        MetricsExpr.Binary { Left: MetricsExpr.Number number } binary =>
            Change(Of(binary.Right), value => Reckon(binary.Operator, number.Value, value)),
        MetricsExpr.Binary { Right: MetricsExpr.Number number } binary =>
            Change(Of(binary.Left), value => Reckon(binary.Operator, value, number.Value)),
        MetricsExpr.Binary binary => Join(binary.Operator, Of(binary.Left), Of(binary.Right)),
        _ => throw new UnreachableException(),
    };

    private List<TraceSeries> Measure(MetricsExpr.Measure measure)
    {
        var table = new MeasureTable(measure, _grid, _budget, _request.MaxExemplars);
        _spans.ForEach(measure.Pipeline, table.NeedsTrace, table.Add);
        return table.Series();
    }

    private List<TraceSeries> Compare(MetricsExpr.Measure measure)
    {
        var table = new CompareTable(measure, _grid, _budget);
        _spans.ForEach(measure.Pipeline, needsTrace: true, table.Add);
        return table.Series();
    }

    /// <summary>A duration is compared in seconds, as durations are measured.</summary>
    private static double SecondsOf(TraceValue value) => value.Type == TraceValueKind.Duration ? value.Number / 1e9 : value.Number;

    private static List<TraceSeries> Change(List<TraceSeries> series, Func<double, double> change) =>
        [.. series.Select(one => one with { Values = Array.ConvertAll(one.Values, value => change(value)) })];

    private static List<TraceSeries> Keep(List<TraceSeries> series, FieldOperator op, double limit) =>
        Change(series, value => !double.IsNaN(value) && TraceOperations.CompareNumbers(op, value, limit) ? value : double.NaN);

    /// <summary>At each time anew.</summary>
    private static List<TraceSeries> Best(List<TraceSeries> series, int count, bool isBottom)
    {
        var kept = series.ConvertAll(static one => one with { Values = Array.ConvertAll(one.Values, static _ => double.NaN) });
        var byLabels = Enumerable.Range(0, series.Count).OrderBy(i => series[i].LabelText, StringComparer.Ordinal).ToList();
        for (var point = 0; series.Count > 0 && point < series[0].Values.Length; point++)
        {
            foreach (var i in byLabels.Where(i => !double.IsNaN(series[i].Values[point]))
                .OrderBy(i => isBottom ? series[i].Values[point] : -series[i].Values[point]).Take(count))
            {
                kept[i].Values[point] = series[i].Values[point];
            }
        }
        return kept;
    }

    /// <summary>Series with the same labels, but for their names; one without labels goes with all of the other side.</summary>
    private List<TraceSeries> Join(FieldOperator op, List<TraceSeries> leftNamed, List<TraceSeries> rightNamed)
    {
        var (left, right) = (leftNamed.ConvertAll(Unnamed), rightNamed.ConvertAll(Unnamed));
        if (right is [{ Labels.Count: 0 } divisor])
        {
            return left.ConvertAll(one => Join(op, one, divisor, one));
        }
        if (left is [{ Labels.Count: 0 } only])
        {
            return right.ConvertAll(other => Join(op, only, other, other));
        }
        var byLabels = new Dictionary<string, TraceSeries>(StringComparer.Ordinal);
        foreach (var one in right)
        {
            byLabels[one.LabelText] = one;
        }
        return [.. left.Where(one => byLabels.ContainsKey(one.LabelText)).Select(one => Join(op, one, byLabels[one.LabelText], one))];
    }

    private TraceSeries Join(FieldOperator op, TraceSeries left, TraceSeries right, TraceSeries named)
    {
        _budget.Take(left.Values.Length);
        return named with { Values = [.. left.Values.Zip(right.Values, (a, b) => Reckon(op, a, b))] };
    }

    private static TraceSeries Unnamed(TraceSeries series) => new(
        [.. series.Labels.Where(static label => label.Key != TraceSeries.NameLabel)], series.Values, series.Exemplars);

    private static double Reckon(FieldOperator op, double left, double right) => op switch
    {
        FieldOperator.Add => left + right,
        FieldOperator.Subtract => left - right,
        FieldOperator.Multiply => left * right,
        FieldOperator.Divide => left / right,
        FieldOperator.Modulo => left % right,
        _ => Math.Pow(left, right),
    };
}
