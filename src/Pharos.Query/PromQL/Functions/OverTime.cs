using Pharos.Query.PromQL.Aggregations;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Storage.Histograms;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>The functions that reduce a window to one value.</summary>
internal static class OverTime
{
    /// <summary>A function of a window that always has a number.</summary>
    public delegate double Reduction(in RangeWindow window);

    /// <summary>A function that looks at every sample.</summary>
    public static RangeCall Of(Reduction reduction, WindowKernel? kernel = null) => new(
        (in window, _, out value) =>
        {
            value = reduction(window);
            return true;
        })
    {
        Kernel = kernel,
    };

    /// <summary>A function of numbers; histograms beside them are left out with an info.</summary>
    public static RangeCall OfNumbers(Reduction reduction, WindowKernel? kernel = null) => new(
        (in window, _, out value) =>
        {
            var isEnough = HasNumbers(window, 1);
            value = isEnough ? reduction(window) : 0;
            return isEnough;
        })
    {
        Kernel = kernel,
    };

    /// <summary>A function that keeps the name and picks one sample.</summary>
    public static RangeCall Pick(RangeFunction pick, WindowKernel kernel) => new(pick) { Kernel = kernel, KeepsName = true };

    public static RangeCall With(RangeFunction function, WindowKernel? kernel = null) => new(function) { Kernel = kernel };

    /// <summary>Whether there are numbers enough for a function that ignores histograms.</summary>
    public static bool HasNumbers(in RangeWindow window, int least)
    {
        if (window.IsMixed)
        {
            window.Notes.HistogramsIgnored();
        }
        return window.Count >= least;
    }

    public static bool Sum(in RangeWindow window, ReadOnlySpan<double> parameters, out Element value)
    {
        if (window.Histograms.Count > 0)
        {
            return HistogramsOverTime.TrySum(window, out value);
        }
        var sum = default(Compensated);
        foreach (var number in window.Values)
        {
            sum.Add(number);
        }
        value = sum.Value;
        return true;
    }

    public static bool Avg(in RangeWindow window, ReadOnlySpan<double> parameters, out Element value)
    {
        if (window.Histograms.Count > 0)
        {
            return HistogramsOverTime.TryAverage(window, out value);
        }
        var mean = default(CompensatedMean);
        foreach (var number in window.Values)
        {
            mean.Add(number);
        }
        value = mean.Value;
        return true;
    }

    public static double Min(in RangeWindow window) => Aggregation.Extreme(window.Values, largest: false);

    public static double Max(in RangeWindow window) => Aggregation.Extreme(window.Values, largest: true);

    public static double Count(in RangeWindow window) => window.TotalCount;

    public static bool First(in RangeWindow window, ReadOnlySpan<double> parameters, out Element value)
    {
        var isHistogram = window.Count == 0
            || (window.Histograms.Count > 0 && window.Histograms.Timestamps[0] <= window.Timestamps[0]);
        value = isHistogram ? window.Histograms.Histograms[0]! : window.Values[0];
        return true;
    }

    public static bool Last(in RangeWindow window, ReadOnlySpan<double> parameters, out Element value)
    {
        var isHistogram = window.Count == 0
            || (window.Histograms.Count > 0 && window.Histograms.Timestamps[^1] >= window.Timestamps[^1]);
        value = isHistogram ? window.Histograms.Histograms[^1]! : window.Values[^1];
        return true;
    }

    public static double Present(in RangeWindow window) => 1;

    public static double Stdvar(in RangeWindow window) => Statistics.Variance(window.Values);

    public static double Stddev(in RangeWindow window) => Math.Sqrt(Statistics.Variance(window.Values));

    public static double FirstTime(in RangeWindow window) => Math.Min(
        window.Count > 0 ? window.Timestamps[0] : long.MaxValue,
        window.Histograms.Count > 0 ? window.Histograms.Timestamps[0] : long.MaxValue) / 1000.0;

    public static double LastTime(in RangeWindow window) => Math.Max(
        window.Count > 0 ? window.Timestamps[^1] : long.MinValue,
        window.Histograms.Count > 0 ? window.Histograms.Timestamps[^1] : long.MinValue) / 1000.0;

    public static double MinTime(in RangeWindow window) => ExtremeTime(window, largest: false);

    public static double MaxTime(in RangeWindow window) => ExtremeTime(window, largest: true);

    public static double Changes(in RangeWindow window)
    {
        var changes = 0;
        for (var steps = new Transitions(window); steps.MoveNext();)
        {
            changes += steps switch
            {
                { KindChanges: true } => 1,
                { IsHistogram: true } => steps.Histogram.HasSameData(steps.PreviousHistogram) ? 0 : 1,
                _ => steps.Number != steps.PreviousNumber
                    && !(double.IsNaN(steps.Number) && double.IsNaN(steps.PreviousNumber)) ? 1 : 0,
            };
        }
        return changes;
    }

    public static double Resets(in RangeWindow window)
    {
        var resets = 0;
        for (var steps = new Transitions(window); steps.MoveNext();)
        {
            resets += steps.KindChanges || steps.StartsAnew || (steps.IsHistogram
                ? steps.Histogram.IsResetSince(steps.PreviousHistogram) : steps.Number < steps.PreviousNumber) ? 1 : 0;
        }
        return resets;
    }

    /// <summary>The median of the distances to the median; NaN where any sample is.</summary>
    public static double Mad(in RangeWindow window) => Statistics.MedianDeviation(window.Values.ToArray());

    public static EvalValue Quantile(CallContext call)
    {
        var quantiles = call.Scalar(0);
        var output = call.OverRange(new RangeCall(static (in window, parameters, out value) =>
        {
            var isEnough = HasNumbers(window, 1);
            value = isEnough ? Statistics.Quantile(parameters[0], window.Values.ToArray()) : 0;
            return isEnough;
        })
        {
            Argument = 1,
            Kernel = QuantileKernels.Quantile,
        });
        var used = quantiles.Where((q, step) => (double.IsNaN(q) || q is < 0 or > 1) && output.Exists(column => column.Present[step]));
        foreach (var quantile in used.Distinct())
        {
            call.Annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}",
                call.Argument(0).Position);
        }
        return new EvalValue.Vector(output);
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
