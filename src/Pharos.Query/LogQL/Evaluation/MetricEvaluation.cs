using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Evaluates an expression for numbers at all steps.</summary>
internal sealed class MetricEvaluation(LogQueryContext context, StepGrid grid, bool isInstant)
{
    public List<LogSeries> Evaluate(MetricExpr expr)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        switch (expr)
        {
            case MetricExpr.RangeAggregation range:
                return new RangeEvaluation(context, range, range.Grouping, grid).Evaluate();
            case MetricExpr.VectorAggregation { Operation: VectorOperation.Sum, Operand: MetricExpr.RangeAggregation range } sum
                when RangeEvaluation.IsAdditive(range):
                // Summing is done where lines are counted: their other labels need not be looked at.
                return new RangeEvaluation(context, range, sum.Grouping ?? new LogGrouping([], Without: false), grid).Evaluate();
            case MetricExpr.VectorAggregation { Operation: VectorOperation.ApproxTopk } when !isInstant:
                throw new LogQueryException(LogQueryErrorKind.Invalid, "approx_topk is only supported on instant queries");
            case MetricExpr.VectorAggregation vector:
                return LogAggregation.Evaluate(vector, Evaluate(vector.Operand), grid);
            case MetricExpr.Binary binary:
                return Evaluate(binary);
            case MetricExpr.LabelReplace replace:
                return Evaluate(replace);
            case MetricExpr.Vector vector:
                return [Constant(vector.Value)];
            case MetricExpr.Number number:
                return [Constant(number.Value)];
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private LogSeries Constant(double value)
    {
        var series = LogSeries.Empty(LabelSet.Empty, grid.Count);
        for (var step = 0; step < grid.Count; step++)
        {
            series.Set(step, value);
        }
        return series;
    }

    private List<LogSeries> Evaluate(MetricExpr.Binary binary) => (binary.Left, binary.Right) switch
    {
        (MetricExpr.Number number, var vector) => LogOperation.WithNumber(binary, Evaluate(vector), number.Value, numberIsLeft: true, grid),
        (var vector, MetricExpr.Number number) => LogOperation.WithNumber(binary, Evaluate(vector), number.Value, numberIsLeft: false, grid),
        var (left, right) => LogOperation.Between(binary, Evaluate(left), Evaluate(right), grid),
    };

    private List<LogSeries> Evaluate(MetricExpr.LabelReplace replace)
    {
        var regex = GoRegex.Anchored(replace.Pattern);
        var results = new Dictionary<LabelSet, LogSeries>();
        foreach (var series in Evaluate(replace.Operand))
        {
            var match = regex.Match(series.Labels[replace.Source]);
            var labels = match.Success ? series.Labels.With(replace.Target, regex.Expand(replace.Replacement, match)) : series.Labels;
            if (!results.TryAdd(labels, series with { Labels = labels }))
            {
                throw new LogQueryException(LogQueryErrorKind.Execution, "vector cannot contain metrics with the same labelset");
            }
        }
        return [.. results.Values];
    }
}
