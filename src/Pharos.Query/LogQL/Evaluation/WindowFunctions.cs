using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>Operations on the numbers of a window.</summary>
internal static class WindowFunctions
{
    public static LogSeries Evaluate(MetricExpr.RangeAggregation expr, LabelSet labels, List<LogSample> samples, StepGrid grid)
    {
        samples.Sort(static (left, right) => left.TimeNs != right.TimeNs ? left.TimeNs.CompareTo(right.TimeNs) : left.Value.CompareTo(right.Value));
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples);
        var series = LogSeries.Empty(labels, grid.Count);
        var (from, to) = (0, 0);
        for (var step = 0; step < grid.Count; step++)
        {
            var end = grid.At(step) - expr.Range.OffsetNs;
            while (to < all.Length && all[to].TimeNs <= end)
            {
                to++;
            }
            while (from < to && all[from].TimeNs <= end - expr.Range.RangeNs)
            {
                from++;
            }
            if (from < to)
            {
                series.Set(step, Value(expr, all[from..to], end));
            }
        }
        return series;
    }

    /// <summary>Of values in no order.</summary>
    public static double Quantile(double q, double[] values)
    {
        if (values.Length == 0 || double.IsNaN(q))
        {
            return double.NaN;
        }
        if (q is < 0 or > 1)
        {
            return q < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        Array.Sort(values);
        var rank = q * (values.Length - 1);
        var lower = (int)Math.Floor(rank);
        var upper = Math.Min(values.Length - 1, lower + 1);
        var weight = rank - lower;
        return (values[lower] * (1 - weight)) + (values[upper] * weight);
    }

    /// <summary>Of the whole, not of a sample of it.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        var (mean, squares, count) = (0.0, 0.0, 0);
        foreach (var value in values)
        {
            count++;
            var delta = value - mean;
            mean += delta / count;
            squares += delta * (value - mean);
        }
        return squares / count;
    }

    private static double Value(MetricExpr.RangeAggregation expr, ReadOnlySpan<LogSample> window, long endNs)
    {
        switch (expr.Operation)
        {
            case RangeOperation.Rate:
                return Sum(window) / (expr.Range.RangeNs / 1e9);
            case RangeOperation.RateCounter:
                return CounterRate(window, expr.Range.RangeNs, endNs);
            case RangeOperation.SumOverTime:
                return Sum(window);
            case RangeOperation.AvgOverTime:
                return Sum(window) / window.Length;
            case RangeOperation.MinOverTime or RangeOperation.MaxOverTime:
                return Extreme(window, expr.Operation == RangeOperation.MaxOverTime);
            case RangeOperation.FirstOverTime:
                return window[0].Value;
            case RangeOperation.LastOverTime:
                return window[^1].Value;
            case RangeOperation.AbsentOverTime:
                return 1;
            default:
                var values = new double[window.Length];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = window[i].Value;
                }
                return expr.Operation == RangeOperation.QuantileOverTime ? Quantile(expr.Parameter!.Value, values)
                    : expr.Operation == RangeOperation.StdvarOverTime ? Variance(values) : Math.Sqrt(Variance(values));
        }
    }

    private static double Sum(ReadOnlySpan<LogSample> window)
    {
        var sum = 0.0;
        foreach (var sample in window)
        {
            sum += sample.Value;
        }
        return sum;
    }

    private static double Extreme(ReadOnlySpan<LogSample> window, bool largest)
    {
        var extreme = window[0].Value;
        foreach (var sample in window)
        {
            extreme = double.IsNaN(extreme) || (largest ? sample.Value > extreme : sample.Value < extreme) ? sample.Value : extreme;
        }
        return extreme;
    }

    /// <summary>The increase of a counter per second as Prometheus extrapolates it to the window's edges; 0 with fewer than two samples.</summary>
    private static double CounterRate(ReadOnlySpan<LogSample> window, long rangeNs, long endNs)
    {
        if (window.Length < 2)
        {
            return 0;
        }
        var increase = window[^1].Value - window[0].Value;
        for (var i = 1; i < window.Length; i++)
        {
            increase += window[i].Value < window[i - 1].Value ? window[i - 1].Value : 0;
        }
        var sampled = (window[^1].TimeNs - window[0].TimeNs) / 1e9;
        if (sampled == 0)
        {
            return 0;
        }
        var toStart = (window[0].TimeNs - (endNs - rangeNs)) / 1e9;
        var toEnd = (endNs - window[^1].TimeNs) / 1e9;
        var between = sampled / (window.Length - 1);
        if (increase > 0 && window[0].Value >= 0)
        {
            // A counter was not below zero.
            toStart = Math.Min(toStart, sampled * (window[0].Value / increase));
        }
        var threshold = between * 1.1;
        var extrapolated = sampled + (toStart < threshold ? toStart : between / 2) + (toEnd < threshold ? toEnd : between / 2);
        return increase * (extrapolated / sampled) / (rangeNs / 1e9);
    }
}
