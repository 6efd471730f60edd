using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Functions of one value at a time.</summary>
internal static class Elementwise
{
    public static Func<CallContext, EvalValue> Of(Func<double, double> function) =>
        call => new EvalValue.Vector(call.Evaluator.Map(call.Vector(0), function));

    public static double Sign(double value) => value < 0 ? -1 : value > 0 ? 1 : value;

    public static EvalValue Round(CallContext call)
    {
        var to = call.Count > 1 ? call.Scalar(1) : null;
        return PerStep(call, (value, step) =>
        {
            // The inverse keeps multiples of 0.1 and the like exact.
            var inverse = 1 / (to?[step] ?? 1);
            return Math.Floor((value * inverse) + 0.5) / inverse;
        });
    }

    public static EvalValue Clamp(CallContext call)
    {
        var (min, max) = (call.Scalar(1), call.Scalar(2));
        return PerStep(call, (value, step) => min[step] > max[step] ? null : Highest(min[step], Lowest(max[step], value)));
    }

    public static EvalValue ClampMin(CallContext call)
    {
        var min = call.Scalar(1);
        return PerStep(call, (value, step) => Highest(value, min[step]));
    }

    public static EvalValue ClampMax(CallContext call)
    {
        var max = call.Scalar(1);
        return PerStep(call, (value, step) => Lowest(value, max[step]));
    }

    // As Go's math.Max and math.Min: NaN on either side gives NaN, but for the infinity that nothing can exceed.
    private static double Highest(double a, double b) =>
        double.IsPositiveInfinity(a) || double.IsPositiveInfinity(b) ? double.PositiveInfinity : Math.Max(a, b);

    private static double Lowest(double a, double b) =>
        double.IsNegativeInfinity(a) || double.IsNegativeInfinity(b) ? double.NegativeInfinity : Math.Min(a, b);

    private static EvalValue.Vector PerStep(CallContext call, Func<double, int, double?> function)
    {
        var output = new List<SeriesColumn>();
        foreach (var series in call.Vector(0))
        {
            var (labels, dropName) = call.Evaluator.WithoutName(series.Labels);
            var column = new SeriesColumn(labels, call.Steps) { DropName = dropName };
            for (var step = 0; step < call.Steps; step++)
            {
                if (series.HasNumber(step) && function(series.Values[step], step) is { } value)
                {
                    column.Set(step, value);
                }
            }
            output.Add(column);
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }
}
