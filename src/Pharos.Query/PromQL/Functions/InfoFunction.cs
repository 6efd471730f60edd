using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Functions;

/// <summary><c>info</c>: adds to each series the labels of the info series that describe the same target.</summary>
internal static class InfoFunction
{
    /// <summary>What tells one target from another; both must be equal, and at least one be there.</summary>
    private static readonly string[] IdentifyingLabels = ["job", "instance"];

    private static readonly HashSet<string> Identifying = IdentifyingLabels.ToHashSet(StringComparer.Ordinal);

    public static EvalValue Evaluate(CallContext call)
    {
        var selector = new InfoSelector(call.Call);
        var series = call.Vector(0);
        var infos = ByTarget(call.Evaluator.Select(selector.Series(), SelectedValue.InfoTimestamp));
        var output = new List<SeriesColumn>(series.Count);
        foreach (var column in series)
        {
            if (selector.IsInfoMetric(column.Labels.MetricName))
            {
                output.Add(column);
                continue;
            }
            var target = Signatures.Keep(column.Labels, Identifying);
            Enrich(column, target.Count > 0 ? infos.GetValueOrDefault(target) ?? [] : [], selector, output);
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }

    /// <summary>By target, then by the info metric's name.</summary>
    private static Dictionary<LabelSet, List<List<SeriesColumn>>> ByTarget(List<SeriesColumn> infos) =>
        infos.GroupBy(info => Signatures.Keep(info.Labels, Identifying)).ToDictionary(target => target.Key,
            target => target.GroupBy(info => info.Labels.MetricName).Select(metric => metric.ToList()).ToList());

    /// <summary>Splits a series by the labels it gets, which may differ from step to step.</summary>
    private static void Enrich(
        SeriesColumn column, List<List<SeriesColumn>> metrics, InfoSelector selector, List<SeriesColumn> output)
    {
        var parts = new Dictionary<LabelSet, SeriesColumn>();
        for (var step = 0; step < column.Steps; step++)
        {
            if (!column.Present[step])
            {
                continue;
            }
            var found = metrics.Select(metric => Newest(metric, step)).OfType<LabelSet>().ToList();
            if (found.Count == 0 && selector.RequiresMatch)
            {
                continue;
            }
            var labels = WithLabels(column.Labels, found, selector);
            if (!parts.TryGetValue(labels, out var part))
            {
                parts[labels] = part = new SeriesColumn(labels, column.Steps) { DropName = column.DropName };
            }
            part.Set(step, column[step]);
        }
        output.AddRange(parts.Values);
    }

    /// <summary>Of one metric's series for a target, the one with the newest sample: the others are about to go stale.</summary>
    /// <param name="metric">The values are the times of the samples.</param>
    private static LabelSet? Newest(List<SeriesColumn> metric, int step)
    {
        SeriesColumn? newest = null;
        foreach (var info in metric.Where(info => info.Present[step]))
        {
            if (newest is not null && newest.Values[step] == info.Values[step])
            {
                throw new QueryException(QueryErrorKind.Execution,
                    $"found duplicate series for info metric: {newest.Labels} and {info.Labels}");
            }
            newest = newest is null || info.Values[step] > newest.Values[step] ? info : newest;
        }
        return newest?.Labels;
    }

    private static LabelSet WithLabels(LabelSet own, List<LabelSet> infos, InfoSelector selector)
    {
        var builder = new LabelSetBuilder(own);
        var added = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in infos.SelectMany(info => info))
        {
            // A series' own labels stay as they are.
            if (label.Name == Label.MetricName || own.Has(label.Name) || !selector.Takes(label.Name))
            {
                continue;
            }
            if (!added.TryAdd(label.Name, label.Value) && added[label.Name] != label.Value)
            {
                throw new QueryException(QueryErrorKind.Execution, $"conflicting label: {label.Name}");
            }
            builder.Set(label.Name, label.Value);
        }
        return builder.Build();
    }
}
