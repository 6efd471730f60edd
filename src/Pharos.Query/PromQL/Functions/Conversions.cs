using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Between scalars and vectors, and between presence and absence.</summary>
internal static class Conversions
{
    public static EvalValue Scalar(CallContext call)
    {
        var series = call.Vector(0);
        var values = new double[call.Steps];
        for (var step = 0; step < values.Length; step++)
        {
            var there = series.Where(column => column.HasNumber(step)).Take(2).ToList();
            values[step] = there.Count == 1 ? there[0].Values[step] : double.NaN;
        }
        return new EvalValue.Scalar(values);
    }

    public static EvalValue Vector(CallContext call)
    {
        var column = new SeriesColumn(LabelSet.Empty, call.Steps) { Values = call.Scalar(0) };
        Array.Fill(column.Present, true);
        return new EvalValue.Vector([column]);
    }

    public static EvalValue Pi(CallContext call)
    {
        var values = new double[call.Steps];
        Array.Fill(values, Math.PI);
        return new EvalValue.Scalar(values);
    }

    public static EvalValue MinOf(CallContext call) =>
        new EvalValue.Scalar([.. call.Scalar(0).Zip(call.Scalar(1), Math.Min)]);

    public static EvalValue MaxOf(CallContext call) =>
        new EvalValue.Scalar([.. call.Scalar(0).Zip(call.Scalar(1), Math.Max)]);

    public static EvalValue Absent(CallContext call) => Missing(call, call.Vector(0));

    public static EvalValue AbsentOverTime(CallContext call) => Missing(call, call.OverRange(
        new RangeCall(static (in window, _, out value) =>
        {
            value = 1;
            return true;
        })
        {
            Kernel = OverTimeKernels.Present,
            KeepsName = true,
        }));

    private static EvalValue.Vector Missing(CallContext call, List<SeriesColumn> series)
    {
        var column = new SeriesColumn(LabelsOf(call.Argument(0)), call.Steps);
        for (var step = 0; step < call.Steps; step++)
        {
            if (!series.Exists(one => one.Present[step]))
            {
                column.Set(step, 1);
            }
        }
        return new EvalValue.Vector(column.IsEmpty ? [] : [column]);
    }

    /// <summary>What the selector says for certain of the absent series: labels that a matcher equates.</summary>
    private static LabelSet LabelsOf(Expr argument)
    {
        var matchers = argument switch
        {
            VectorSelector vector => vector.Matchers,
            MatrixSelector matrix => matrix.Vector.Matchers,
            _ => [],
        };
        var labels = new LabelSetBuilder();
        var certain = new HashSet<string>(StringComparer.Ordinal);
        foreach (var matcher in matchers.Where(matcher => matcher.Name != Label.MetricName))
        {
            // A later matcher of another kind, or a second equality, takes the label back.
            labels.Set(matcher.Name, matcher.Type == MatchType.Equal && certain.Add(matcher.Name) ? matcher.Value : "");
        }
        return labels.Build();
    }
}
