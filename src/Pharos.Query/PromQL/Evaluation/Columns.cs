using Pharos.Query.Results;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation;

internal static class Columns
{
    private const string SameLabels = "vector cannot contain metrics with the same labelset";

    /// <summary>Joins series that have come to bear the same labels, in the order of their first.</summary>
    /// <exception cref="QueryException">Two of them have a value at the same step.</exception>
    public static List<SeriesColumn> Merge(List<SeriesColumn> series)
    {
        var first = new Dictionary<LabelSet, int>();
        var merged = new List<SeriesColumn>(series.Count);
        foreach (var column in series)
        {
            if (first.TryAdd(column.Labels, merged.Count))
            {
                merged.Add(column);
                continue;
            }
            var at = first[column.Labels];
            merged[at] = Join(merged[at], column);
        }
        return merged;
    }

    /// <summary>The steps at which a number stands.</summary>
    public static bool[] Numbers(SeriesColumn series)
    {
        if (series.Histograms is null)
        {
            return series.Present;
        }
        var numbers = new bool[series.Steps];
        for (var step = 0; step < numbers.Length; step++)
        {
            numbers[step] = series.HasNumber(step);
        }
        return numbers;
    }

    /// <summary>Drops the names that were marked for it.</summary>
    public static List<SeriesColumn> DropNames(List<SeriesColumn> series) => Merge(series.ConvertAll(column =>
        column.DropName ? column.Relabel(Signatures.WithoutMetadata(column.Labels), dropName: false) : column));

    private static SeriesColumn Join(SeriesColumn left, SeriesColumn right)
    {
        var joined = new SeriesColumn(left.Labels, left.Steps) { DropName = left.DropName };
        for (var step = 0; step < left.Steps; step++)
        {
            if (left.Present[step] && right.Present[step])
            {
                throw new QueryException(QueryErrorKind.Execution, SameLabels);
            }
            if (left.Present[step] || right.Present[step])
            {
                joined.Set(step, left.Present[step] ? left[step] : right[step]);
            }
        }
        return joined;
    }
}
