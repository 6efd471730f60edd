using Pharos.Query.PromQL.Aggregations;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.Results;

namespace Pharos.Query.PromQL.Functions;

/// <summary>deriv, predict_linear and double exponential smoothing.</summary>
internal static class Regression
{
    public static readonly RangeCall Deriv = new(
        static (in window, _, out value) =>
        {
            value = 0;
            if (!OverTime.HasNumbers(window, 2))
            {
                return false;
            }
            // Times count from the first sample, so that large epochs cost no precision.
            value = Line(window.Timestamps, window.Values, window.Timestamps[0]).Slope;
            return true;
        })
    {
        Kernel = OverTimeKernels.Deriv,
    };

    public static readonly RangeCall PredictLinear = new(
        static (in window, parameters, out value) =>
        {
            value = 0;
            if (!OverTime.HasNumbers(window, 2))
            {
                return false;
            }
            var (slope, intercept) = Line(window.Timestamps, window.Values, window.EvaluationMs);
            value = (slope * parameters[0]) + intercept;
            return true;
        });

    public static readonly RangeCall DoubleExponentialSmoothing = new(
        static (in window, parameters, out value) =>
        {
            value = 0;
            // Of no samples at all it does not matter what the factors are.
            RequireFactor("smoothing", "sf", parameters[0]);
            RequireFactor("trend", "tf", parameters[1]);
            if (!OverTime.HasNumbers(window, 2))
            {
                return false;
            }
            var (smoothing, trendFactor) = (parameters[0], parameters[1]);
            var previous = 0.0;
            var level = window.Values[0];
            var trend = window.Values[1] - window.Values[0];
            for (var i = 1; i < window.Count; i++)
            {
                if (i > 1)
                {
                    trend = (trendFactor * (level - previous)) + ((1 - trendFactor) * trend);
                }
                (previous, level) = (level, (smoothing * window.Values[i]) + ((1 - smoothing) * (level + trend)));
            }
            value = level;
            return true;
        });

    private static void RequireFactor(string name, string symbol, double value)
    {
        if (!(value is >= 0 and <= 1))
        {
            throw new QueryException(QueryErrorKind.Execution,
                $"invalid {name} factor. Expected: 0 <= {symbol} <= 1, got: {value:F6}");
        }
    }

    /// <summary>The line that lies nearest to the samples, by least squares.</summary>
    /// <param name="originMs">Where the intercept is.</param>
    public static (double Slope, double Intercept) Line(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long originMs)
    {
        Compensated x = default, y = default, xy = default, xx = default;
        var constant = true;
        var first = values[0];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            constant &= value == first || i == 0;
            var time = (times[i] - originMs) / 1000.0;
            x.Add(time);
            y.Add(value);
            xy.Add(time * value);
            xx.Add(time * time);
        }
        if (constant)
        {
            return double.IsInfinity(first) ? (double.NaN, double.NaN) : (0, first);
        }
        var n = (double)values.Length;
        var (sumX, sumY) = (x.Sum + x.Correction, y.Sum + y.Correction);
        var covariance = xy.Sum + xy.Correction - (sumX * sumY / n);
        var variance = xx.Sum + xx.Correction - (sumX * sumX / n);
        var slope = covariance / variance;
        return (slope, (sumY / n) - (slope * sumX / n));
    }
}
