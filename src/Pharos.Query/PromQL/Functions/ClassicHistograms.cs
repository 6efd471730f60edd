using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.Results;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>Quantiles and fractions from series of buckets with the label <c>le</c>.</summary>
internal static class ClassicHistograms
{
    private const string BoundLabel = "le";

    public static EvalValue Quantile(CallContext call)
    {
        var quantiles = Quantiles(call, 0);
        return PerHistogram(call, 1, (buckets, step, name) => QuantileAt(call, quantiles[step], buckets, name, 1));
    }

    /// <summary>One series per quantile, told apart by a label.</summary>
    public static EvalValue SeveralQuantiles(CallContext call)
    {
        var label = call.Text(1);
        if (!Signatures.IsLabelName(label))
        {
            throw new QueryException(QueryErrorKind.Execution, $"invalid label name {GoQuote.Quote(label)}");
        }
        var output = new List<SeriesColumn>();
        for (var argument = 2; argument < call.Count; argument++)
        {
            var quantiles = Quantiles(call, argument);
            var answer = PerHistogram(call, 0, (buckets, step, name) => QuantileAt(call, quantiles[step], buckets, name, 0));
            var value = GoFloat.FormatG(quantiles[0]);
            // As a label of a summary is written: a whole number has a fraction, too.
            var text = value.All(c => char.IsAsciiDigit(c) || c == '-') ? value + ".0" : value;
            output.AddRange(answer.Series.Select(series => series.Relabel(series.Labels.With(label, text), series.DropName)));
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }

    private static double[] Quantiles(CallContext call, int argument)
    {
        var quantiles = call.Scalar(argument);
        foreach (var quantile in quantiles.Where(q => double.IsNaN(q) || q is < 0 or > 1).Distinct())
        {
            call.Annotations.Warn($"quantile value should be between 0 and 1, got {GoFloat.FormatG(quantile)}",
                call.Argument(argument).Position);
        }
        return quantiles;
    }

    private static double QuantileAt(CallContext call, double quantile, List<Bucket> buckets, string name, int argument)
    {
        var value = Buckets.Quantile(quantile, buckets, out var forced);
        if (forced)
        {
            call.Annotations.Inform("input to histogram_quantile needed to be fixed for monotonicity (see " +
                "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name " +
                GoQuote.Quote(name), call.Argument(argument).Position);
        }
        return value;
    }

    public static EvalValue Fraction(CallContext call)
    {
        var (lower, upper) = (call.Scalar(0), call.Scalar(1));
        return PerHistogram(call, 2, (buckets, step, _) => Buckets.Fraction(lower[step], upper[step], buckets));
    }

    private static EvalValue.Vector PerHistogram(CallContext call, int argument, Func<List<Bucket>, int, string, double> reduce)
    {
        var groups = new Dictionary<LabelSet, List<(double Bound, SeriesColumn Series)>>();
        foreach (var series in call.Vector(argument))
        {
            var text = series.Labels[BoundLabel];
            if (!GoFloat.TryParse(text, out var bound))
            {
                call.Annotations.Warn($"bucket label \"le\" is missing or has a malformed value of {GoQuote.Quote(text)} " +
                    $"for metric name {GoQuote.Quote(series.Labels.MetricName)}", call.Argument(argument).Position);
                continue;
            }
            var key = series.Labels.Without(BoundLabel);
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = [];
            }
            group.Add((bound, series));
        }
        var output = new List<SeriesColumn>();
        foreach (var (key, group) in groups)
        {
            var (labels, dropName) = call.Evaluator.WithoutName(key);
            var column = new SeriesColumn(labels, call.Steps) { DropName = dropName };
            for (var step = 0; step < call.Steps; step++)
            {
                var buckets = group.Where(member => member.Series.Present[step])
                    .Select(member => new Bucket(member.Bound, member.Series.Values[step])).ToList();
                if (buckets.Count > 0)
                {
                    column.Set(step, reduce(buckets, step, key.MetricName));
                }
            }
            output.Add(column);
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }
}
