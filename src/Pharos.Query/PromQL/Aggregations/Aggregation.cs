using System.Runtime.InteropServices;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>Aggregation operators: groups the series once, then reduces each group step by step.</summary>
internal static class Aggregation
{
    public static List<SeriesColumn> Evaluate(Evaluator evaluator, AggregateExpr expr)
    {
        expr = expr with { Operand = expr.Operand.Unwrapped(), Parameter = expr.Parameter?.Unwrapped() };
        if (evaluator.Context.Options.UseFastPaths)
        {
            if (GroupAccumulator.Knows(expr.Operator))
            {
                return Accumulate(evaluator, expr);
            }
            if (Selection.TryAccumulate(evaluator, expr) is { } selected)
            {
                return selected;
            }
        }
        var input = evaluator.Vector(expr.Operand);
        var groups = Group(expr, input);
        switch (expr.Operator)
        {
            case AggregateOperator.CountValues:
                return CountValues(evaluator, groups, Evaluator.Text(expr.Parameter!));
            case AggregateOperator.Topk or AggregateOperator.Bottomk or AggregateOperator.Limitk
                or AggregateOperator.LimitRatio:
                return Selection.Evaluate(evaluator, expr, groups.Values.ToList());
            default:
                return Reduce(evaluator, expr, groups);
        }
    }

    /// <summary>Takes in the operand's columns as they come, so that they need not be there all at once.</summary>
    private static List<SeriesColumn> Accumulate(Evaluator evaluator, AggregateExpr expr)
    {
        var groups = new GroupTable<GroupAccumulator>(
            expr.Grouping, expr.Without, labels => new GroupAccumulator(expr.Operator, labels, evaluator.Steps));
        evaluator.Stream(expr.Operand, column => groups.GroupOf(column).Add(column), groups.ReadsMetadata);
        return [.. groups.Groups.Select(group => group.Finish(evaluator, expr)).Where(static column => !column.IsEmpty)];
    }

    /// <summary>NaN only where all values are NaN.</summary>
    public static double Extreme(ReadOnlySpan<double> values, bool largest)
    {
        var extreme = values[0];
        foreach (var value in values)
        {
            if (double.IsNaN(extreme) || (largest ? value > extreme : value < extreme))
            {
                extreme = value;
            }
        }
        return extreme;
    }

    private static Dictionary<LabelSet, List<SeriesColumn>> Group(AggregateExpr expr, List<SeriesColumn> input)
    {
        var names = expr.Grouping.ToHashSet(StringComparer.Ordinal);
        var groups = new Dictionary<LabelSet, List<SeriesColumn>>();
        foreach (var series in input)
        {
            var key = expr.Without ? Signatures.Drop(series.Labels, names, dropName: true)
                : Signatures.Keep(series.Labels, names);
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = [];
            }
            group.Add(series);
        }
        return groups;
    }

    private static List<SeriesColumn> Reduce(
        Evaluator evaluator, AggregateExpr expr, Dictionary<LabelSet, List<SeriesColumn>> groups)
    {
        var parameter = expr.Parameter is null ? null : evaluator.Scalar(expr.Parameter);
        if (expr.Operator == AggregateOperator.Quantile)
        {
            // The farthest stand for all.
            foreach (var quantile in Extremes.Of(parameter!).Where(q => double.IsNaN(q) || q is < 0 or > 1))
            {
                evaluator.Context.Annotations.Warn("quantile value should be between 0 and 1, got " +
                    GoFloat.FormatG(quantile), expr.Parameter!.Position);
            }
        }
        var output = new List<SeriesColumn>(groups.Count);
        var members = new GroupMembers();
        foreach (var (labels, group) in groups)
        {
            var column = new SeriesColumn(labels, evaluator.Steps) { DropName = group.Exists(static series => series.DropName) };
            for (var step = 0; step < evaluator.Steps; step++)
            {
                evaluator.Context.Cancellation.ThrowIfCancellationRequested();
                members.Gather(group, step);
                if (TryReduce(evaluator, expr, members, parameter?[step] ?? 0, out var value))
                {
                    column.Set(step, value);
                }
            }
            if (!column.IsEmpty)
            {
                output.Add(column);
            }
        }
        return output;
    }

    private static bool TryReduce(
        Evaluator evaluator, AggregateExpr expr, GroupMembers members, double parameter, out Element value)
    {
        value = 1;
        var annotations = evaluator.Context.Annotations;
        var (numbers, histograms) = (members.Numbers, members.Histograms);
        switch (expr.Operator)
        {
            case AggregateOperator.Count:
                value = numbers.Count + histograms.Count;
                return numbers.Count + histograms.Count > 0;
            case AggregateOperator.Group:
                return numbers.Count + histograms.Count > 0;
            case AggregateOperator.Sum or AggregateOperator.Avg when histograms.Count > 0:
                if (numbers.Count > 0)
                {
                    annotations.Warn($"{AnnotationText.MixedTypes} aggregation", expr.Operand.Position);
                    return false;
                }
                value = new Element(0, HistogramAggregation.Reduce(
                    annotations, expr.Operand.Position, histograms, expr.Operator == AggregateOperator.Avg));
                return value.Histogram is not null;
            default:
                if (histograms.Count > 0)
                {
                    annotations.Inform(AnnotationText.Ignored(expr.Operator.Symbol()), expr.Operand.Position);
                }
                if (numbers.Count > 0)
                {
                    value = One(expr.Operator, CollectionsMarshal.AsSpan(numbers), parameter);
                }
                return numbers.Count > 0;
        }
    }

    private static double One(AggregateOperator op, Span<double> values, double parameter)
    {
        switch (op)
        {
            case AggregateOperator.Sum:
                var sum = default(Compensated);
                foreach (var value in values)
                {
                    sum.Add(value);
                }
                return sum.Value;
            case AggregateOperator.Avg:
                var mean = default(CompensatedMean);
                foreach (var value in values)
                {
                    mean.Add(value);
                }
                return mean.Value;
            case AggregateOperator.Stdvar: return Statistics.Variance(values);
            case AggregateOperator.Stddev: return Math.Sqrt(Statistics.Variance(values));
            case AggregateOperator.Quantile: return Statistics.Quantile(parameter, values);
            default: return Extreme(values, largest: op == AggregateOperator.Max);
        }
    }

    private static List<SeriesColumn> CountValues(
        Evaluator evaluator, Dictionary<LabelSet, List<SeriesColumn>> groups, string label)
    {
        if (!Signatures.IsLabelName(label))
        {
            throw new QueryException(QueryErrorKind.Execution, $"invalid label name {GoQuote.Quote(label)}");
        }
        var counts = new Dictionary<LabelSet, SeriesColumn>();
        foreach (var (labels, group) in groups)
        {
            foreach (var series in group)
            {
                for (var step = 0; step < evaluator.Steps; step++)
                {
                    if (!series.Present[step])
                    {
                        continue;
                    }
                    var key = labels.With(label, series.Histograms?[step]?.Format() ?? GoFloat.FormatF(series.Values[step]));
                    if (!counts.TryGetValue(key, out var column))
                    {
                        counts[key] = column = new SeriesColumn(key, evaluator.Steps);
                    }
                    column.Set(step, column.Values[step] + 1);
                }
            }
        }
        return [.. counts.Values];
    }
}
