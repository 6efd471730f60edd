using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Functions.Histograms;
using Pharos.Query.PromQL.Syntax;
using Pharos.Query.Results;
using Pharos.Storage.Histograms;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Functions of histograms: quantiles and fractions of classic and native ones, the rest of native ones only.</summary>
internal static class HistogramFunctions
{
    private const string QuantileInput = "input to histogram_quantile";

    /// <summary>A number per native histogram; numbers go.</summary>
    public static Func<CallContext, EvalValue> Of(Func<NativeHistogram, double> function) => call =>
        new EvalValue.Vector(Columns.Merge(call.Vector(0).FindAll(static series => series.Histograms is not null)
            .ConvertAll(series =>
            {
                var (labels, dropName) = call.Evaluator.WithoutName(series.Labels);
                var column = new SeriesColumn(labels, series.Steps) { DropName = dropName };
                for (var step = 0; step < series.Steps; step++)
                {
                    if (series.Histograms![step] is { } histogram)
                    {
                        column.Set(step, function(histogram));
                    }
                }
                return column;
            })));

    public static EvalValue Quantile(CallContext call) => new EvalValue.Vector(Columns.Merge(
        Quantiles(call, new HistogramVector(call, 1), 0, call.Argument(1).Position)));

    /// <summary>One series per quantile, told apart by a label.</summary>
    public static EvalValue SeveralQuantiles(CallContext call)
    {
        var label = call.Text(1);
        if (!Signatures.IsLabelName(label))
        {
            throw new QueryException(QueryErrorKind.Execution, $"invalid label name {GoQuote.Quote(label)}");
        }
        var vector = new HistogramVector(call, 0);
        var output = new List<SeriesColumn>();
        for (var argument = 2; argument < call.Count; argument++)
        {
            var value = GoFloat.FormatG(call.Scalar(argument)[0]);
            // As a label of a summary is written: a whole number has a fraction, too.
            var text = value.All(c => char.IsAsciiDigit(c) || c == '-') ? value + ".0" : value;
            output.AddRange(Quantiles(call, vector, argument, call.Argument(0).Position)
                .Select(series => series.Relabel(series.Labels.With(label, text), series.DropName)));
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }

    public static EvalValue Fraction(CallContext call)
    {
        var (lower, upper) = (call.Scalar(0), call.Scalar(1));
        return new EvalValue.Vector(Columns.Merge(new HistogramVector(call, 2).Reduce(
            (buckets, step, _) => Buckets.Fraction(lower[step], upper[step], buckets),
            (histogram, step, name) =>
            {
                var fraction = NativeFraction.Of(lower[step], upper[step], histogram, out var note);
                if (note == NaNObservations.Excluded)
                {
                    call.Annotations.Inform("input to histogram_fraction has NaN observations, which are excluded from all " +
                        "fractions" + ForMetric(call, name), call.Argument(2).Position);
                }
                return fraction;
            })));
    }

    private static List<SeriesColumn> Quantiles(
        CallContext call, HistogramVector vector, int argument, PositionRange vectorPosition)
    {
        var quantiles = call.Scalar(argument);
        foreach (var quantile in quantiles.Where(q => double.IsNaN(q) || q is < 0 or > 1).Distinct())
        {
            call.Annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}",
                call.Argument(argument).Position);
        }
        return vector.Reduce(
            (buckets, step, name) =>
            {
                var value = Buckets.Quantile(quantiles[step], buckets, call.Evaluator.Grid.At(step), out var forced);
                if (forced is not null)
                {
                    call.Annotations.Inform($"{QuantileInput} needed to be fixed for monotonicity (see https://prometheus.io" +
                        "/docs/prometheus/latest/querying/functions/#histogram_quantile)" + ForMetric(call, name),
                        vectorPosition, forced);
                }
                return value;
            },
            (histogram, step, name) =>
            {
                var value = NativeQuantile.Of(quantiles[step], histogram, out var note);
                if (note != NaNObservations.None)
                {
                    var effect = note == NaNObservations.ResultIsNaN ? "NaN" : "skewed higher";
                    call.Annotations.Inform(
                        $"{QuantileInput} has NaN observations, result is {effect}" + ForMetric(call, name),
                        vectorPosition);
                }
                return value;
            });
    }

    /// <summary>Without delayed name removal the name is gone by now.</summary>
    private static string ForMetric(CallContext call, string name) =>
        name.Length == 0 || !call.Evaluator.Context.Options.DelayedNameRemoval ? "" : $" for metric name {GoQuote.Quote(name)}";
}
