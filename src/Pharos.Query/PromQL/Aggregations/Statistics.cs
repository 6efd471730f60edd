namespace Pharos.Query.PromQL.Aggregations;

internal static class Statistics
{
    /// <summary>The quantile with linear interpolation; NaN counts as the smallest value. Sorts its input.</summary>
    public static double Quantile(double quantile, Span<double> values)
    {
        // Array.Sort puts NaN first, which is what is wanted.
        values.Sort();
        return QuantileOfSorted(quantile, values);
    }

    /// <summary>As <see cref="Quantile"/>, of values that are sorted, NaN first.</summary>
    public static double QuantileOfSorted(double quantile, ReadOnlySpan<double> values)
    {
        if (values.Length == 0 || double.IsNaN(quantile))
        {
            return double.NaN;
        }
        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        var rank = quantile * (values.Length - 1);
        var lower = (int)Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(values.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return (values[lower] * (1 - weight)) + (values[upper] * weight);
    }

    /// <summary>The median of the distances to the median; NaN where any value is. Writes over its input.</summary>
    public static double MedianDeviation(Span<double> values)
    {
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                return double.NaN;
            }
        }
        var median = Quantile(0.5, values);
        foreach (ref var value in values)
        {
            value = Math.Abs(value - median);
        }
        return Quantile(0.5, values);
    }

    public static double Variance(ReadOnlySpan<double> values)
    {
        var variance = default(RunningVariance);
        foreach (var value in values)
        {
            variance.Add(value);
        }
        return variance.Value;
    }
}
