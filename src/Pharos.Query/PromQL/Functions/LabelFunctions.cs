using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.Results;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Functions that change labels, or order by them.</summary>
internal static class LabelFunctions
{
    public static EvalValue Replace(CallContext call)
    {
        var (target, replacement, source, pattern) = (call.Text(1), call.Text(2), call.Text(3), call.Text(4));
        RequireName(target, "label_replace");
        GoRegex regex;
        try
        {
            regex = GoRegex.Anchored(pattern);
        }
        catch (GoRegexException)
        {
            throw new QueryException(QueryErrorKind.Execution, $"invalid regular expression in label_replace(): {pattern}");
        }
        return Change(call, target, labels =>
        {
            var match = regex.Match(labels[source]);
            return match.Success ? labels.With(target, regex.Expand(replacement, match)) : labels;
        });
    }

    public static EvalValue Join(CallContext call)
    {
        var (target, separator) = (call.Text(1), call.Text(2));
        RequireName(target, "label_join");
        var sources = Enumerable.Range(3, call.Count - 3).Select(call.Text).ToList();
        return Change(call, target,
            labels => labels.With(target, string.Join(separator, sources.Select(source => labels[source]))));
    }

    /// <summary>Only an instant query's answer has an order.</summary>
    public static Func<CallContext, EvalValue> SortByValue(bool descending) => call =>
    {
        var series = call.Vector(0);
        if (IsIneffective(call))
        {
            return new EvalValue.Vector(series.ConvertAll(column => column.Only(Columns.Numbers(column))));
        }
        var there = series.Where(column => column.HasNumber(0))
            .OrderBy(column => double.IsNaN(column.Values[0]) ? 1 : 0);
        return new EvalValue.Vector([.. descending ? there.ThenByDescending(column => column.Values[0])
            : there.ThenBy(column => column.Values[0])]);
    };

    public static Func<CallContext, EvalValue> SortByLabel(bool descending) => call =>
    {
        var names = Enumerable.Range(1, call.Count - 1).Select(call.Text).ToList();
        var series = call.Vector(0);
        if (IsIneffective(call))
        {
            return new EvalValue.Vector(series);
        }
        var sorted = series.Order(Comparer<SeriesColumn>.Create((a, b) =>
        {
            foreach (var name in names)
            {
                var order = NaturalOrder.Compare(a.Labels[name], b.Labels[name]);
                if (order != 0)
                {
                    return descending ? -order : order;
                }
            }
            var rest = a.Labels.CompareTo(b.Labels);
            return descending ? -rest : rest;
        }));
        return new EvalValue.Vector([.. sorted]);
    };

    private static bool IsIneffective(CallContext call)
    {
        if (call.Steps > 1)
        {
            call.Annotations.Warn("sort is ineffective for range queries since results are always ordered by labels",
                call.Call.Position);
        }
        return call.Steps > 1;
    }

    private static EvalValue.Vector Change(CallContext call, string target, Func<LabelSet, LabelSet> change) =>
        new(Columns.Merge(call.Vector(0).ConvertAll(series =>
            series.Relabel(change(series.Labels), series.DropName && target != Label.MetricName))));

    private static void RequireName(string name, string function)
    {
        if (!Signatures.IsLabelName(name))
        {
            throw new QueryException(QueryErrorKind.Execution, $"invalid destination label name in {function}(): {name}");
        }
    }
}
