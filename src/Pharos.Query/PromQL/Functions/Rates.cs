using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>rate, increase, delta and their kin.</summary>
internal static class Rates
{
    private static readonly string[] CounterSuffixes = ["_total", "_sum", "_count", "_bucket"];

    public static EvalValue Rate(CallContext call) => Counter(call, perSecond: true);

    public static EvalValue Increase(CallContext call) => Counter(call, perSecond: false);

    public static EvalValue Delta(CallContext call) => new EvalValue.Vector(call.OverRange(0,
        static (in window, _, out value) => Extrapolated(window, counter: false, perSecond: false, out value), keepName: false));

    public static EvalValue Irate(CallContext call) => new EvalValue.Vector(call.OverRange(0,
        static (in window, _, out value) => Instantaneous(window, rate: true, out value), keepName: false));

    public static EvalValue Idelta(CallContext call) => new EvalValue.Vector(call.OverRange(0,
        static (in window, _, out value) => Instantaneous(window, rate: false, out value), keepName: false));

    private static EvalValue.Vector Counter(CallContext call, bool perSecond)
    {
        var expr = call.Argument(0);
        var noted = new HashSet<string>(StringComparer.Ordinal);
        var series = call.OverRange(0, (in window, _, out value) =>
            Extrapolated(window, counter: true, perSecond, out value), keepName: true);
        var output = new List<SeriesColumn>(series.Count);
        foreach (var column in series)
        {
            var name = column.Labels[Label.MetricName];
            if (name.Length > 0 && noted.Add(name) && !Array.Exists(CounterSuffixes, name.EndsWith))
            {
                call.Annotations.Inform("metric might not be a counter, name does not end in " +
                    $"_total/_sum/_count/_bucket: {GoQuote.Quote(name)}", expr.Position);
            }
            var (labels, dropName) = call.Evaluator.WithoutName(column.Labels);
            output.Add(column.Relabel(labels, dropName));
        }
        return new EvalValue.Vector(Columns.Merge(output));
    }

    /// <summary>The change over the window, extended to its bounds where samples come close to them.</summary>
    private static bool Extrapolated(in RangeWindow window, bool counter, bool perSecond, out double value)
    {
        value = 0;
        var values = window.Values;
        if (window.Extension != RangeExtension.None)
        {
            value = ExtendedRanges.Change(window, counter) / (perSecond ? (window.EndMs - window.StartMs) / 1000.0 : 1);
            return true;
        }
        if (window.Count < 2)
        {
            return false;
        }
        var first = window.Timestamps[0];
        var last = window.Timestamps[^1];
        value = values[^1] - values[0];
        if (counter)
        {
            value += Resets(values);
        }
        var toStart = (first - window.StartMs) / 1000.0;
        var toEnd = (window.EndMs - last) / 1000.0;
        var sampled = (last - first) / 1000.0;
        var average = sampled / (window.Count - 1);
        // Samples nearer to the bound than 1.1 intervals: the series is taken to go on up to it.
        var threshold = average * 1.1;
        if (toStart >= threshold)
        {
            toStart = average / 2;
        }
        if (counter && value > 0 && values[0] >= 0)
        {
            // A counter cannot have been below zero.
            toStart = Math.Min(toStart, sampled * (values[0] / value));
        }
        if (toEnd >= threshold)
        {
            toEnd = average / 2;
        }
        var factor = (sampled + toStart + toEnd) / sampled;
        if (perSecond)
        {
            factor /= (window.EndMs - window.StartMs) / 1000.0;
        }
        value *= factor;
        return true;
    }

    private static double Resets(ReadOnlySpan<double> values)
    {
        var lost = 0.0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                lost += values[i - 1];
            }
        }
        return lost;
    }

    private static bool Instantaneous(in RangeWindow window, bool rate, out double value)
    {
        value = 0;
        if (window.Count < 2)
        {
            return false;
        }
        var (previous, last) = (window.Values[^2], window.Values[^1]);
        var elapsed = window.Timestamps[^1] - window.Timestamps[^2];
        value = rate && last < previous ? last : last - previous;
        if (!rate)
        {
            return elapsed > 0;
        }
        value /= elapsed / 1000.0;
        return elapsed > 0;
    }
}
