using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Operators;

/// <summary>What <c>fill</c>, <c>fill_left</c> and <c>fill_right</c> put in place of elements without a partner.</summary>
/// <param name="fillMany">The value on the side that may hold several elements per group; null to leave them out.</param>
/// <param name="fillOne">The value on the side that holds one element per group; null to leave it out.</param>
internal sealed class MissingElements(Func<LabelSet, LabelSet> signature, double? fillMany, double? fillOne)
{
    /// <summary>Adds to each side one series per match group, present where only the other side is. It bears the group's
    /// labels and no others.</summary>
    /// <param name="ones">The "one" side by signature; grows in place.</param>
    /// <returns>The "many" side with what was missing at its end.</returns>
    public List<SeriesColumn> Complete(List<SeriesColumn> many, Dictionary<LabelSet, List<SeriesColumn>> ones, int steps)
    {
        if (fillMany is null && fillOne is null)
        {
            return many;
        }
        var presentMany = new Dictionary<LabelSet, bool[]>();
        foreach (var series in many)
        {
            Mark(presentMany, signature(series.Labels), series, steps);
        }
        var presentOne = new Dictionary<LabelSet, bool[]>();
        foreach (var (key, group) in ones)
        {
            group.ForEach(series => Mark(presentOne, key, series, steps));
        }
        // Both sides are compared as they came, so that two filled elements never meet.
        List<SeriesColumn> completed = [.. many, .. Fill(fillMany, presentOne, presentMany, steps)];
        foreach (var series in Fill(fillOne, presentMany, presentOne, steps).ToList())
        {
            if (!ones.TryGetValue(series.Labels, out var group))
            {
                ones[series.Labels] = group = [];
            }
            group.Add(series);
        }
        return completed;
    }

    private static void Mark(Dictionary<LabelSet, bool[]> present, LabelSet key, SeriesColumn series, int steps)
    {
        if (!present.TryGetValue(key, out var marks))
        {
            present[key] = marks = new bool[steps];
        }
        for (var step = 0; step < steps; step++)
        {
            marks[step] |= series.Present[step];
        }
    }

    private static IEnumerable<SeriesColumn> Fill(
        double? value, Dictionary<LabelSet, bool[]> there, Dictionary<LabelSet, bool[]> here, int steps)
    {
        if (value is not { } filler)
        {
            yield break;
        }
        foreach (var (key, partners) in there)
        {
            here.TryGetValue(key, out var own);
            var column = new SeriesColumn(key, steps);
            for (var step = 0; step < steps; step++)
            {
                if (partners[step] && !(own is not null && own[step]))
                {
                    column.Set(step, filler);
                }
            }
            if (!column.IsEmpty)
            {
                yield return column;
            }
        }
    }
}
