using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Caching;

/// <summary>Cuts matrices at steps and puts them together again.</summary>
internal static class MatrixParts
{
    /// <summary>The points from one time to another, both inclusive; series without any are left out.</summary>
    public static MatrixValue Slice(MatrixValue matrix, long fromMs, long toMs)
    {
        var rows = new List<MatrixSeries>(matrix.Series.Count);
        foreach (var series in matrix.Series)
        {
            if (Slice(series, fromMs, toMs) is { } row)
            {
                rows.Add(row);
            }
        }
        return new MatrixValue(rows);
    }

    /// <summary>Both, where all points of the second are later; sorted by labels, as they are.</summary>
    public static MatrixValue Join(MatrixValue earlier, MatrixValue later)
    {
        var rows = new List<MatrixSeries>(Math.Max(earlier.Series.Count, later.Series.Count));
        var (left, right) = (0, 0);
        while (left < earlier.Series.Count || right < later.Series.Count)
        {
            var order = left == earlier.Series.Count ? 1 : right == later.Series.Count ? -1
                : earlier.Series[left].Labels.CompareTo(later.Series[right].Labels);
            rows.Add(order < 0 ? earlier.Series[left++] : order > 0 ? later.Series[right++]
                : Join(earlier.Series[left++], later.Series[right++]));
        }
        return new MatrixValue(rows);
    }

    private static MatrixSeries? Slice(MatrixSeries series, long fromMs, long toMs)
    {
        var (times, histograms) = (series.TimestampsMs, series.Histograms);
        var (first, end) = (FirstAt(times.Count, i => times[i], fromMs), FirstAt(times.Count, i => times[i], toMs + 1));
        var (firstHistogram, endHistogram) = (FirstAt(histograms.Count, i => histograms[i].TimestampMs, fromMs),
            FirstAt(histograms.Count, i => histograms[i].TimestampMs, toMs + 1));
        if (end - first == times.Count && endHistogram - firstHistogram == histograms.Count)
        {
            return series;
        }
        return end == first && endHistogram == firstHistogram ? null
            : new MatrixSeries(series.Labels, Part(times, first, end), Part(series.Values, first, end))
            {
                Histograms = Part(histograms, firstHistogram, endHistogram),
            };
    }

    private static MatrixSeries Join(MatrixSeries earlier, MatrixSeries later) =>
        new(earlier.Labels, [.. earlier.TimestampsMs, .. later.TimestampsMs], [.. earlier.Values, .. later.Values])
        {
            Histograms = earlier.Histograms.Count + later.Histograms.Count == 0 ? [] : [.. earlier.Histograms, .. later.Histograms],
        };

    private static int FirstAt(int count, Func<int, long> time, long fromMs)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = time(middle) < fromMs ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private static T[] Part<T>(IReadOnlyList<T> list, int from, int to)
    {
        var part = new T[to - from];
        for (var i = from; i < to; i++)
        {
            part[i - from] = list[i];
        }
        return part;
    }
}
