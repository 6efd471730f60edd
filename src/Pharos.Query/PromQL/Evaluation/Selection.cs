using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The aggregations that pick series and leave them as they are: topk, bottomk, limitk, limit_ratio.</summary>
internal static class Selection
{
    public static List<SeriesColumn> Evaluate(Evaluator evaluator, AggregateExpr expr, List<List<SeriesColumn>> groups)
    {
        var parameter = evaluator.Scalar(expr.Parameter!);
        Check(evaluator, expr, parameter);
        var output = new List<SeriesColumn>();
        foreach (var group in groups)
        {
            var picked = group.ConvertAll(series => new SeriesColumn(series.Labels, 0)
            {
                Values = series.Values,
                Present = new bool[evaluator.Steps],
                DropName = series.DropName,
            });
            int[] order = [];
            for (var step = 0; step < evaluator.Steps; step++)
            {
                order = Pick(expr.Operator, group, step, parameter[step]);
                foreach (var index in order)
                {
                    picked[index].Present[step] = true;
                }
            }
            // The order of an instant query's answer is that of the ranks.
            output.AddRange(evaluator.Steps == 1 ? order.Select(index => picked[index])
                : picked.Where(static column => !column.IsEmpty));
        }
        return output;
    }

    private static void Check(Evaluator evaluator, AggregateExpr expr, double[] parameter)
    {
        foreach (var value in parameter.Distinct())
        {
            if (double.IsNaN(value))
            {
                throw new QueryException(QueryErrorKind.Execution, expr.Operator == AggregateOperator.LimitRatio
                    ? "Ratio value is NaN" : "Parameter value is NaN");
            }
            if (expr.Operator == AggregateOperator.LimitRatio)
            {
                if (value is < -1 or > 1)
                {
                    evaluator.Context.Annotations.Warn("ratio value should be between -1 and 1, got " +
                        $"{GoFloat.FormatG(value)}, capping to {(value > 0 ? "1" : "-1")}", expr.Parameter!.Position);
                }
            }
            else if (value >= long.MaxValue || value <= long.MinValue)
            {
                throw new QueryException(QueryErrorKind.Execution,
                    $"Scalar value {GoFloat.FormatG(value)} {(value > 0 ? "overflows" : "underflows")} int64");
            }
        }
    }

    private static int[] Pick(AggregateOperator op, List<SeriesColumn> group, int step, double parameter)
    {
        var there = Enumerable.Range(0, group.Count).Where(index => group[index].Present[step]);
        if (op == AggregateOperator.LimitRatio)
        {
            return there.Where(index => KeepsRatio(group[index], parameter)).ToArray();
        }
        if (parameter < 1)
        {
            return [];
        }
        var k = (int)Math.Min(parameter, group.Count);
        if (op == AggregateOperator.Limitk)
        {
            return there.Take(k).ToArray();
        }
        double Value(int index) => group[index].Values[step];
        var numbersFirst = there.OrderBy(index => double.IsNaN(Value(index)) ? 1 : 0);
        return (op == AggregateOperator.Topk ? numbersFirst.ThenByDescending(Value) : numbersFirst.ThenBy(Value))
            .Take(k).ToArray();
    }

    private static bool KeepsRatio(SeriesColumn series, double ratio)
    {
        // FNV-1a over the labels: the same series is kept in every run.
        var hash = 14695981039346656037UL;
        foreach (var c in series.Labels.ToString())
        {
            hash = (hash ^ c) * 1099511628211UL;
        }
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15UL;
        var offset = hash / (double)ulong.MaxValue;
        return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
    }
}
