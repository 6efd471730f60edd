using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>The functions that reduce a window to one value.</summary>
internal static class OverTime
{
    /// <summary>A function of the window alone that always has a value.</summary>
    public delegate double Reduction(in RangeWindow window);

    public static Func<CallContext, EvalValue> Of(Reduction reduction, bool keepName = false) => call =>
        new EvalValue.Vector(call.OverRange(0, (in window, _, out value) =>
        {
            value = reduction(window);
            return true;
        }, keepName));

    public static double Sum(in RangeWindow window)
    {
        var sum = default(Compensated);
        foreach (var value in window.Values)
        {
            sum.Add(value);
        }
        return sum.Value;
    }

    public static double Avg(in RangeWindow window)
    {
        var mean = default(CompensatedMean);
        foreach (var value in window.Values)
        {
            mean.Add(value);
        }
        return mean.Value;
    }

    public static double Min(in RangeWindow window) => Aggregation.Extreme(window.Values, largest: false);

    public static double Max(in RangeWindow window) => Aggregation.Extreme(window.Values, largest: true);

    public static double Count(in RangeWindow window) => window.Count;

    public static double First(in RangeWindow window) => window.Values[0];

    public static double Last(in RangeWindow window) => window.Values[^1];

    public static double Present(in RangeWindow window) => 1;

    public static double Stdvar(in RangeWindow window) => Statistics.Variance(window.Values);

    public static double Stddev(in RangeWindow window) => Math.Sqrt(Statistics.Variance(window.Values));

    public static double FirstTime(in RangeWindow window) => window.Timestamps[0] / 1000.0;

    public static double LastTime(in RangeWindow window) => window.Timestamps[^1] / 1000.0;

    public static double MinTime(in RangeWindow window) => ExtremeTime(window, largest: false);

    public static double MaxTime(in RangeWindow window) => ExtremeTime(window, largest: true);

    public static double Changes(in RangeWindow window)
    {
        var changes = 0;
        for (var i = 1; i < window.Count; i++)
        {
            var (previous, current) = (window.Values[i - 1], window.Values[i]);
            changes += current != previous && !(double.IsNaN(current) && double.IsNaN(previous)) ? 1 : 0;
        }
        return changes;
    }

    public static double Resets(in RangeWindow window)
    {
        var resets = 0;
        for (var i = 1; i < window.Count; i++)
        {
            resets += window.Values[i] < window.Values[i - 1] ? 1 : 0;
        }
        return resets;
    }

    /// <summary>The median of the distances to the median; NaN where any sample is.</summary>
    public static double Mad(in RangeWindow window)
    {
        var values = window.Values.ToArray();
        if (Array.Exists(values, double.IsNaN))
        {
            return double.NaN;
        }
        var median = Statistics.Quantile(0.5, values);
        return Statistics.Quantile(0.5, Array.ConvertAll(values, value => Math.Abs(value - median)));
    }

    public static EvalValue Quantile(CallContext call)
    {
        foreach (var quantile in call.Scalar(0).Where(q => double.IsNaN(q) || q is < 0 or > 1).Distinct())
        {
            call.Annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}",
                call.Argument(0).Position);
        }
        return new EvalValue.Vector(call.OverRange(1, static (in window, parameters, out value) =>
        {
            value = Statistics.Quantile(parameters[0], window.Values.ToArray());
            return true;
        }, keepName: false));
    }

    /// <summary>The last of equals counts.</summary>
    private static double ExtremeTime(in RangeWindow window, bool largest)
    {
        var at = 0;
        for (var i = 1; i < window.Count; i++)
        {
            var (best, value) = (window.Values[at], window.Values[i]);
            if (double.IsNaN(best) || (largest ? value >= best : value <= best))
            {
                at = i;
            }
        }
        return window.Timestamps[at] / 1000.0;
    }
}
