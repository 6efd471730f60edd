using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Aggregations over the series of a matrix, step by step.</summary>
internal static class LogAggregation
{
    private static readonly LogGrouping Everything = new([], Without: false);

    public static List<LogSeries> Evaluate(MetricExpr.VectorAggregation expr, List<LogSeries> input, StepGrid grid)
    {
        if (expr.Operation is VectorOperation.Sort or VectorOperation.SortDesc)
        {
            return input;
        }
        var groups = new Dictionary<LabelSet, List<LogSeries>>();
        foreach (var series in input)
        {
            var labels = Grouping.Of(series.Labels, expr.Grouping ?? Everything);
            if (!groups.TryGetValue(labels, out var group))
            {
                groups.Add(labels, group = []);
            }
            group.Add(series);
        }
        var result = new List<LogSeries>();
        foreach (var (labels, group) in groups)
        {
            if (expr.Operation.TakesCount())
            {
                result.AddRange(Ranked(group, expr.Parameter!.Value, expr.Operation != VectorOperation.Bottomk, grid));
            }
            else
            {
                result.Add(Joined(expr.Operation, labels, group, grid));
            }
        }
        return result;
    }

    private static LogSeries Joined(VectorOperation operation, LabelSet labels, List<LogSeries> group, StepGrid grid)
    {
        var result = LogSeries.Empty(labels, grid.Count);
        var values = new double[group.Count];
        for (var step = 0; step < grid.Count; step++)
        {
            var count = 0;
            foreach (var series in group)
            {
                if (series.Present[step])
                {
                    values[count++] = series.Values[step];
                }
            }
            if (count > 0)
            {
                result.Set(step, Join(operation, values.AsSpan(0, count)));
            }
        }
        return result;
    }

    private static double Join(VectorOperation operation, ReadOnlySpan<double> values)
    {
        switch (operation)
        {
            case VectorOperation.Count:
                return values.Length;
            case VectorOperation.Stdvar:
                return WindowFunctions.Variance(values);
            case VectorOperation.Stddev:
                return Math.Sqrt(WindowFunctions.Variance(values));
            case VectorOperation.Max or VectorOperation.Min:
                var extreme = values[0];
                foreach (var value in values)
                {
                    extreme = double.IsNaN(extreme) || (operation == VectorOperation.Max ? value > extreme : value < extreme) ? value : extreme;
                }
                return extreme;
            default:
                var sum = 0.0;
                foreach (var value in values)
                {
                    sum += value;
                }
                return operation == VectorOperation.Avg ? sum / values.Length : sum;
        }
    }

    /// <summary>The series with the largest (or smallest) values at each step, under their own labels.</summary>
    private static IEnumerable<LogSeries> Ranked(List<LogSeries> group, int count, bool largest, StepGrid grid)
    {
        var kept = new Dictionary<LogSeries, LogSeries>(ReferenceEqualityComparer.Instance);
        for (var step = 0; step < grid.Count; step++)
        {
            var at = step;
            var ranked = group.FindAll(series => series.Present[at]);
            ranked.Sort((left, right) =>
                Order(left.Values[at], right.Values[at], largest) is not 0 and var order ? order : left.Labels.CompareTo(right.Labels));
            foreach (var series in ranked.Take(count))
            {
                if (!kept.TryGetValue(series, out var result))
                {
                    kept.Add(series, result = LogSeries.Empty(series.Labels, grid.Count));
                }
                result.Set(step, series.Values[step]);
            }
        }
        return kept.Values;
    }

    /// <summary>What is no number comes last.</summary>
    public static int Order(double left, double right, bool largestFirst) => double.IsNaN(left) || double.IsNaN(right)
        ? double.IsNaN(left).CompareTo(double.IsNaN(right)) : largestFirst ? right.CompareTo(left) : left.CompareTo(right);
}
