using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Functions;

/// <summary>The clock and the calendar, in UTC.</summary>
internal static class TimeFunctions
{
    public static EvalValue Time(CallContext call) => new EvalValue.Scalar(Seconds(call));

    public static EvalValue Start(CallContext call) => Constant(call, call.Evaluator.Context.Grid.StartMs / 1000.0);

    public static EvalValue End(CallContext call) => Constant(call, call.Evaluator.Context.Grid.EndMs / 1000.0);

    public static EvalValue Step(CallContext call) => Constant(call, call.Evaluator.Context.Grid.StepMs / 1000.0);

    public static EvalValue Range(CallContext call) => Constant(call,
        (call.Evaluator.Context.Grid.EndMs - call.Evaluator.Context.Grid.StartMs) / 1000.0);

    /// <summary>The time of the selector's own samples; of anything else, the time of evaluation.</summary>
    public static EvalValue Timestamp(CallContext call)
    {
        var seconds = Seconds(call);
        var selected = call.Argument(0) is VectorSelector selector
            ? call.Evaluator.Select(selector, SelectedValue.Timestamp) : null;
        var series = selected ?? call.Vector(0);
        return new EvalValue.Vector(Columns.Merge(series.ConvertAll(column =>
        {
            var (labels, dropName) = call.Evaluator.WithoutName(column.Labels);
            return new SeriesColumn(labels, 0)
            {
                DropName = dropName,
                Present = column.Present,
                Values = selected is null ? seconds : column.Values,
            };
        })));
    }

    /// <summary>The time at which the counter of the selector's own samples began; of anything else nothing is known.</summary>
    public static EvalValue StartTimestamp(CallContext call)
    {
        if (!call.Evaluator.Context.Options.UseStartTimestamps || call.Argument(0) is not VectorSelector selector)
        {
            call.Vector(0);
            return new EvalValue.Vector([]);
        }
        return new EvalValue.Vector(Columns.Merge(
            call.Evaluator.Select(selector, SelectedValue.StartTimestamp).ConvertAll(column =>
            {
                var (labels, dropName) = call.Evaluator.WithoutName(column.Labels);
                return column.Relabel(labels, dropName);
            })));
    }

    public static Func<CallContext, EvalValue> Calendar(Func<CivilTime, double> part) => call =>
    {
        double Of(double seconds) => part(CivilTime.Of(seconds));
        if (call.Count > 0)
        {
            return new EvalValue.Vector(call.Evaluator.Map(call.Vector(0), Of));
        }
        var column = new SeriesColumn(LabelSet.Empty, call.Steps);
        var seconds = Seconds(call);
        for (var step = 0; step < call.Steps; step++)
        {
            column.Set(step, Of(seconds[step]));
        }
        return new EvalValue.Vector([column]);
    };

    private static double[] Seconds(CallContext call)
    {
        var seconds = new double[call.Steps];
        for (var step = 0; step < seconds.Length; step++)
        {
            seconds[step] = call.Evaluator.Grid.At(step) / 1000.0;
        }
        return seconds;
    }

    private static EvalValue.Scalar Constant(CallContext call, double value)
    {
        var values = new double[call.Steps];
        Array.Fill(values, value);
        return new EvalValue.Scalar(values);
    }
}
