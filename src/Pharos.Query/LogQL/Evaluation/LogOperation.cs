using Pharos.Query.LogQL.Syntax;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Operators between vectors, and between a vector and a number.</summary>
internal static class LogOperation
{
    private static readonly VectorMatching AllLabels = new();

    /// <summary>A vector and a number; of a filter, the vector's values stay.</summary>
    public static List<LogSeries> WithNumber(MetricExpr.Binary expr, List<LogSeries> vector, double number, bool numberIsLeft, StepGrid grid)
    {
        var result = new List<LogSeries>();
        foreach (var series in vector)
        {
            var joined = LogSeries.Empty(series.Labels, grid.Count);
            for (var step = 0; step < grid.Count; step++)
            {
                if (series.Present[step])
                {
                    var value = series.Values[step];
                    Put(expr, joined, step, numberIsLeft ? number : value, numberIsLeft ? value : number, kept: value);
                }
            }
            result.Add(joined);
        }
        return result;
    }

    public static List<LogSeries> Between(MetricExpr.Binary expr, List<LogSeries> left, List<LogSeries> right, StepGrid grid)
    {
        var matching = expr.Matching ?? AllLabels;
        return expr.Operator.IsSet() ? Sets(expr.Operator, matching, left, right, grid)
            : matching.Cardinality == MatchCardinality.OneToMany ? Join(expr, matching, right, left, manyIsLeft: false, grid)
            : Join(expr, matching, left, right, manyIsLeft: true, grid);
    }

    private static void Put(MetricExpr.Binary expr, LogSeries target, int step, double left, double right, double kept)
    {
        if (!expr.Operator.IsComparison() || expr.ReturnBool)
        {
            target.Set(step, LogArithmetic.Apply(expr.Operator, left, right));
        }
        else if (LogArithmetic.Holds(expr.Operator, left, right))
        {
            target.Set(step, kept);
        }
    }

    private static LabelSet Signature(LabelSet labels, VectorMatching matching) => Grouping.Of(labels, matching.Labels, matching.On);

    private static Dictionary<LabelSet, List<LogSeries>> BySignature(List<LogSeries> series, VectorMatching matching)
    {
        var found = new Dictionary<LabelSet, List<LogSeries>>();
        foreach (var one in series)
        {
            var signature = Signature(one.Labels, matching);
            if (!found.TryGetValue(signature, out var same))
            {
                found.Add(signature, same = []);
            }
            same.Add(one);
        }
        return found;
    }

    private static List<LogSeries> Join(
        MetricExpr.Binary expr, VectorMatching matching, List<LogSeries> many, List<LogSeries> one, bool manyIsLeft, StepGrid grid)
    {
        var partners = BySignature(one, matching);
        var results = new Dictionary<LabelSet, LogSeries>();
        // In a match of one with one no two elements of a step may have the same partner.
        var taken = new HashSet<(LogSeries Partner, int Step)>();
        foreach (var series in many)
        {
            if (!partners.TryGetValue(Signature(series.Labels, matching), out var candidates))
            {
                continue;
            }
            for (var step = 0; step < grid.Count; step++)
            {
                if (!series.Present[step] || Partner(candidates, step, manyIsLeft) is not { } partner)
                {
                    continue;
                }
                if (matching.Cardinality == MatchCardinality.OneToOne && !taken.Add((partner, step)))
                {
                    throw new LogQueryException(LogQueryErrorKind.Execution,
                        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
                }
                var labels = ResultLabels(series.Labels, partner.Labels, matching);
                if (!results.TryGetValue(labels, out var result))
                {
                    results.Add(labels, result = LogSeries.Empty(labels, grid.Count));
                }
                if (result.Present[step])
                {
                    throw new LogQueryException(LogQueryErrorKind.Execution, "multiple matches for labels: grouping labels must ensure unique matches");
                }
                var (left, right) = manyIsLeft ? (series.Values[step], partner.Values[step]) : (partner.Values[step], series.Values[step]);
                Put(expr, result, step, left, right, kept: left);
            }
        }
        return [.. results.Values];
    }

    private static LogSeries? Partner(List<LogSeries> candidates, int step, bool isRight)
    {
        LogSeries? found = null;
        foreach (var candidate in candidates)
        {
            if (!candidate.Present[step])
            {
                continue;
            }
            if (found is not null)
            {
                throw new LogQueryException(LogQueryErrorKind.Execution, $"found duplicate series on the {(isRight ? "right" : "left")} hand-side"
                    + $";many-to-many matching not allowed: matching labels must be unique on one side ({found.Labels.ToBracedText()} and "
                    + $"{candidate.Labels.ToBracedText()})");
            }
            found = candidate;
        }
        return found;
    }

    private static LabelSet ResultLabels(LabelSet many, LabelSet one, VectorMatching matching)
    {
        if (matching.Cardinality == MatchCardinality.OneToOne)
        {
            return Signature(many, matching);
        }
        var labels = new LabelSetBuilder(many);
        foreach (var name in matching.Include)
        {
            labels.Set(name, one[name]);
        }
        return labels.Build();
    }

    private static List<LogSeries> Sets(BinaryOperator op, VectorMatching matching, List<LogSeries> left, List<LogSeries> right, StepGrid grid)
    {
        if (op == BinaryOperator.Or)
        {
            return Union(matching, left, right, grid);
        }
        var others = BySignature(right, matching);
        var results = new List<LogSeries>();
        foreach (var series in left)
        {
            var same = others.GetValueOrDefault(Signature(series.Labels, matching), []);
            results.Add(Filtered(series, step => same.Exists(one => one.Present[step]) == (op == BinaryOperator.And), grid));
        }
        return results;
    }

    private static List<LogSeries> Union(VectorMatching matching, List<LogSeries> left, List<LogSeries> right, StepGrid grid)
    {
        var others = BySignature(left, matching);
        var results = left.ToDictionary(static series => series.Labels, series => Filtered(series, static _ => true, grid));
        foreach (var series in right)
        {
            var same = others.GetValueOrDefault(Signature(series.Labels, matching), []);
            var added = Filtered(series, step => !same.Exists(one => one.Present[step]), grid);
            if (results.TryAdd(series.Labels, added))
            {
                continue;
            }
            for (var step = 0; step < grid.Count; step++)
            {
                if (added.Present[step])
                {
                    results[series.Labels].Set(step, added.Values[step]);
                }
            }
        }
        return [.. results.Values];
    }

    private static LogSeries Filtered(LogSeries series, Func<int, bool> keeps, StepGrid grid)
    {
        var result = LogSeries.Empty(series.Labels, grid.Count);
        for (var step = 0; step < grid.Count; step++)
        {
            if (series.Present[step] && keeps(step))
            {
                result.Set(step, series.Values[step]);
            }
        }
        return result;
    }
}
