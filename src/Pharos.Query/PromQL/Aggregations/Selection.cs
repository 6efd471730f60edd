using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Aggregations;

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
            var picked = group.ConvertAll(_ => new bool[evaluator.Steps]);
            int[] order = [];
            for (var step = 0; step < evaluator.Steps; step++)
            {
                order = Pick(evaluator, expr, group, step, parameter[step]);
                foreach (var index in order)
                {
                    picked[index][step] = true;
                }
            }
            // The order of an instant query's answer is that of the ranks.
            output.AddRange((evaluator.Steps == 1 ? order : Enumerable.Range(0, group.Count))
                .Select(index => group[index].Only(picked[index])).Where(static column => !column.IsEmpty));
        }
        return output;
    }

    /// <summary>topk and bottomk of a fixed small number, without keeping the operand's columns; null for all else.</summary>
    public static List<SeriesColumn>? TryAccumulate(Evaluator evaluator, AggregateExpr expr)
    {
        if (expr is not { Operator: AggregateOperator.Topk or AggregateOperator.Bottomk, Parameter: NumberLiteral literal }
            || literal.Value is not (>= 1 and < RankAccumulator.MaxRanks + 1))
        {
            return null;
        }
        var groups = new GroupTable<RankAccumulator>(expr.Grouping, expr.Without,
            _ => new RankAccumulator((int)literal.Value, expr.Operator == AggregateOperator.Topk, evaluator.Steps));
        evaluator.Stream(expr.Operand, readsMetadata: true, take: column =>
        {
            groups.GroupOf(column).Add(column);
            return false;
        });
        // It counts among what is held.
        _ = evaluator.Scalar(literal);
        if (groups.Groups.Any(static group => group.HasHistograms))
        {
            evaluator.Context.Annotations.Inform(AnnotationText.Ignored(expr.Operator.Symbol()), expr.Position);
        }
        return [.. groups.Groups.SelectMany(static group => group.Finish())];
    }

    private static void Check(Evaluator evaluator, AggregateExpr expr, double[] parameter)
    {
        foreach (var value in Extremes.Of(parameter))
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

    private static int[] Pick(Evaluator evaluator, AggregateExpr expr, List<SeriesColumn> group, int step, double parameter)
    {
        var op = expr.Operator;
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
        if (group.Exists(series => series.HasHistogram(step)))
        {
            evaluator.Context.Annotations.Inform(AnnotationText.Ignored(op.Symbol()), expr.Position);
            there = there.Where(index => group[index].HasNumber(step));
        }
        double Value(int index) => group[index].Values[step];
        var numbersFirst = there.OrderBy(index => double.IsNaN(Value(index)) ? 1 : 0);
        return (op == AggregateOperator.Topk ? numbersFirst.ThenByDescending(Value) : numbersFirst.ThenBy(Value))
            .Take(k).ToArray();
    }

    private static bool KeepsRatio(SeriesColumn series, double ratio)
    {
        // Prometheus' hash of a label set, so that both keep the same series.
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var label in series.Labels.Span)
        {
            Write(bytes, label.Name);
            Write(bytes, label.Value);
        }
        var hash = XxHash64.HashToUInt64(bytes.WrittenSpan);
        var offset = hash / (double)ulong.MaxValue;
        return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
    }

    /// <summary>A text behind its length: one byte, or 255 and three bytes, the lowest first (Prometheus: stringlabels).</summary>
    private static void Write(ArrayBufferWriter<byte> bytes, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        bytes.Write(size < 255 ? [(byte)size] : [255, (byte)size, (byte)(size >> 8), (byte)(size >> 16)]);
        Encoding.UTF8.GetBytes(text, bytes);
    }
}
