using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Operators;

/// <summary><c>and</c>, <c>or</c>, <c>unless</c>.</summary>
internal static class SetOperations
{
    public static List<SeriesColumn> Evaluate(
        Evaluator evaluator, BinaryExpr expr, List<SeriesColumn> left, List<SeriesColumn> right)
    {
        var signature = Signatures.Of(expr.Matching!);
        if (expr.Operator == BinaryOperator.Or)
        {
            var taken = Presence(left, signature, evaluator.Steps);
            List<SeriesColumn> joined = [.. left, .. Filter(right, signature, taken, wanted: false)];
            return Columns.Merge(joined);
        }
        var there = Presence(right, signature, evaluator.Steps);
        return Filter(left, signature, there, wanted: expr.Operator == BinaryOperator.And);
    }

    /// <summary>For each signature, the steps at which any series has a value.</summary>
    private static Dictionary<LabelSet, bool[]> Presence(
        List<SeriesColumn> series, Func<LabelSet, LabelSet> signature, int steps)
    {
        var presence = new Dictionary<LabelSet, bool[]>();
        foreach (var column in series)
        {
            var key = signature(column.Labels);
            if (!presence.TryGetValue(key, out var present))
            {
                presence[key] = present = new bool[steps];
            }
            for (var step = 0; step < steps; step++)
            {
                present[step] |= column.Present[step];
            }
        }
        return presence;
    }

    private static List<SeriesColumn> Filter(List<SeriesColumn> series, Func<LabelSet, LabelSet> signature,
        Dictionary<LabelSet, bool[]> presence, bool wanted)
    {
        var kept = new List<SeriesColumn>();
        foreach (var column in series)
        {
            presence.TryGetValue(signature(column.Labels), out var there);
            var present = new bool[column.Present.Length];
            for (var step = 0; step < present.Length; step++)
            {
                present[step] = column.Present[step] && (there is not null && there[step]) == wanted;
            }
            var filtered = column.Only(present);
            if (!filtered.IsEmpty)
            {
                kept.Add(filtered);
            }
        }
        return kept;
    }
}
