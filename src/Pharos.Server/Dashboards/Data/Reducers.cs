namespace Pharos.Server.Dashboards.Data;

/// <summary>Grafana's reducers: one number of a column of values, where null is a missing one.</summary>
internal static class Reducers
{
    /// <returns>Null where nothing is there to reduce, or the reducer is not known.</returns>
    public static double? Apply(string reducer, IReadOnlyList<double?> values)
    {
        var present = values.Where(value => value is { } known && !double.IsNaN(known)).Select(value => value!.Value).ToArray();
        return reducer switch
        {
            "last" => values.Count > 0 ? values[^1] : null,
            "first" => values.Count > 0 ? values[0] : null,
            "count" => values.Count,
            _ when present.Length == 0 => null,
            "lastNotNull" or "current" => present[^1],
            "firstNotNull" => present[0],
            "mean" or "avg" => present.Average(),
            "sum" or "total" => present.Sum(),
            "min" => present.Min(),
            "max" => present.Max(),
            "range" => present.Max() - present.Min(),
            "diff" => present[^1] - present[0],
            "delta" => Delta(present),
            "median" => Median(present),
            "stdDev" => Math.Sqrt(Variance(present)),
            "variance" => Variance(present),
            "distinctCount" => present.Distinct().Count(),
            "changeCount" => present.Zip(present.Skip(1)).Count(pair => pair.First != pair.Second),
            _ => present[^1],
        };
    }

    /// <summary>The growth, where a fall is a counter's reset.</summary>
    private static double Delta(double[] values) =>
        values.Zip(values.Skip(1)).Sum(pair => pair.Second >= pair.First ? pair.Second - pair.First : pair.Second);

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }
}
