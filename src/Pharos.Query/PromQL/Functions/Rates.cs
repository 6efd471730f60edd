using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.PromQL.Functions;

/// <summary>rate, increase, delta and their kin.</summary>
internal static class Rates
{
    private static readonly string[] CounterSuffixes = ["_total", "_sum", "_count", "_bucket"];

    public static readonly RangeCall Delta = new(
        static (in window, _, out value) => TryChange(window, counter: false, perSecond: false, out value))
    {
        Kernel = RateKernels.Delta,
    };

    public static readonly RangeCall Irate = new(static (in window, _, out value) => TryLast(window, rate: true, out value))
    {
        Kernel = RateKernels.Irate,
    };

    public static readonly RangeCall Idelta = new(static (in window, _, out value) => TryLast(window, rate: false, out value))
    {
        Kernel = RateKernels.Idelta,
    };

    public static RangeCall Rate(CallContext call) => Counter(call, new RangeCall(
        static (in window, _, out value) => TryChange(window, counter: true, perSecond: true, out value))
    {
        Kernel = RateKernels.Rate,
    });

    public static RangeCall Increase(CallContext call) => Counter(call, new RangeCall(
        static (in window, _, out value) => TryChange(window, counter: true, perSecond: false, out value))
    {
        Kernel = RateKernels.Increase,
    });

    /// <summary>Says of each metric that does not look like a counter, once all is evaluated.</summary>
    private static RangeCall Counter(CallContext call, RangeCall range)
    {
        var metrics = new List<(string Name, string Type)>();
        return range with
        {
            Yields = (labels, column) =>
            {
                var name = labels.MetricName;
                if (name.Length == 0 || !Columns.Numbers(column).AsSpan().Contains(true))
                {
                    return;
                }
                var metric = (name, labels[Label.MetricType]);
                if (metrics.Count == 0 || metrics[^1] != metric)
                {
                    metrics.Add(metric);
                }
            },
            Done = () => metrics.ForEach(metric => NoteNoCounter(call, metric.Name, metric.Type)),
        };
    }

    private static void NoteNoCounter(CallContext call, string name, string type)
    {
        if (call.Evaluator.Context.Options.TypeAndUnitLabels)
        {
            if (type is not ("counter" or "histogram"))
            {
                call.Annotations.Inform("metric might not be a counter, __type__ label is not set to \"counter\" or " +
                    $"\"histogram\", got {GoQuote.Quote(type)}: {GoQuote.Quote(name)}", call.Argument(0).Position);
            }
        }
        else if (!Array.Exists(CounterSuffixes, name.EndsWith))
        {
            call.Annotations.Inform("metric might not be a counter, name does not end in " +
                $"_total/_sum/_count/_bucket: {GoQuote.Quote(name)}", call.Argument(0).Position);
        }
    }

    private static bool TryChange(in RangeWindow window, bool counter, bool perSecond, out Element value)
    {
        value = default;
        if (window.IsMixed)
        {
            window.Notes.MixedTypes();
            return false;
        }
        if (window.Extension == RangeExtension.None)
        {
            return TryExtrapolate(window, counter, perSecond, out value);
        }
        var seconds = perSecond ? window.RangeSeconds : 1;
        if (window.Histograms.Count == 0)
        {
            value = ExtendedRanges.Change(window, counter) / seconds;
            return true;
        }
        if (ExtendedHistogramRates.Change(window, counter) is not { } change)
        {
            return false;
        }
        value = perSecond ? change.Divide(seconds) : change;
        return true;
    }

    /// <summary>The change over the window, extended to its bounds where samples come close to them.</summary>
    private static bool TryExtrapolate(in RangeWindow window, bool counter, bool perSecond, out Element value)
    {
        value = default;
        var points = window.Histograms.Count > 0 ? window.Histograms : window.Numbers;
        if (points.Count == 0)
        {
            return false;
        }
        // A counter that began inside the window was zero then: better than any guess of what lies to the left.
        var began = counter && points.StartTime(0) is var start && start != 0 && start > window.StartMs
            && start < points.Timestamps[0] ? start : (long?)null;
        if ((points.Count == 1 && began is null)
            || !TryMeasure(points, counter, began is not null, window.Notes, out value))
        {
            return false;
        }
        var first = value.Histogram is null ? points.Values[0] : points.Histograms[0]!.Count;
        var change = value.Histogram?.Count ?? value.Number;
        var factor = Extrapolation(window, points, counter && change > 0 && first >= 0 ? first / change : null, began);
        if (perSecond)
        {
            factor /= window.RangeSeconds;
        }
        value = value.Histogram is null ? value.Number * factor : value.Histogram.Multiply(factor);
        return true;
    }

    /// <summary>How much the samples themselves changed.</summary>
    /// <param name="fromZero">The counter was zero before the first of them.</param>
    private static bool TryMeasure(in WindowPoints points, bool counter, bool fromZero, SeriesNotes notes, out Element value)
    {
        if (points.Histograms.IsEmpty)
        {
            var number = points.Values[^1] - points.Values[0];
            number = counter ? AddResets(number, points, notes) : number;
            // Where there is nothing to add, zero is not added either: it would turn -0 into 0.
            value = fromZero ? number + points.Values[0] : number;
            return true;
        }
        var first = points.Histograms[0]!;
        var change = points.Count == 1 ? first : HistogramRates.Change(points, counter, notes);
        if (change is not null && points.Count > 1 && fromZero)
        {
            change = notes.Add(change, first);
        }
        value = new Element(0, change);
        return change is not null;
    }

    /// <summary>By how much the window is longer than the time that was measured.</summary>
    /// <param name="toZero">How many times the measured change would lead back to zero; null for what may be negative.</param>
    private static double Extrapolation(in RangeWindow window, in WindowPoints points, double? toZero, long? began)
    {
        var (first, last) = (points.Timestamps[0], points.Timestamps[^1]);
        var sampled = (last - first) / 1000.0;
        var average = points.Count > 1 ? sampled / (points.Count - 1) : 0;
        // Samples nearer to the bound than 1.1 intervals: the series is taken to go on up to it.
        var threshold = average * 1.1;
        var toStart = (first - window.StartMs) / 1000.0;
        if (began is not null)
        {
            toStart = 0;
            sampled = (last - began.Value) / 1000.0;
        }
        else
        {
            toStart = toStart >= threshold ? average / 2 : toStart;
            // A counter cannot have been below zero.
            toStart = toZero is null ? toStart : Math.Min(toStart, sampled * toZero.Value);
        }
        var toEnd = (window.EndMs - last) / 1000.0;
        toEnd = toEnd >= threshold ? average / 2 : toEnd;
        return sampled == 0 ? 1 : (sampled + toStart + toEnd) / sampled;
    }

    /// <summary>Adds what a counter had counted before each of its resets, one after the other: in another order it rounds otherwise.</summary>
    private static double AddResets(double change, in WindowPoints points, SeriesNotes notes)
    {
        var values = points.Values;
        for (var i = 1; i < values.Length; i++)
        {
            if (!points.StartTimes.IsEmpty && StartTimes.Overlap(
                points.StartTimes[i - 1], points.Timestamps[i - 1], points.StartTimes[i]))
            {
                notes.StartTimesOverlap();
            }
            if (values[i] < values[i - 1] || points.StartsAnew(i))
            {
                change += values[i - 1];
            }
        }
        return change;
    }

    private static bool TryLast(in RangeWindow window, bool rate, out Element value)
    {
        value = default;
        var numbers = window.Numbers;
        var histograms = window.Histograms;
        if (window.TotalCount < 2)
        {
            return false;
        }
        var newerHistograms = numbers.Count == 0 ? histograms.Count : Newer(histograms.Timestamps, numbers.Timestamps[^1]);
        var newerNumbers = histograms.Count == 0 ? numbers.Count : Newer(numbers.Timestamps, histograms.Timestamps[^1]);
        if (newerHistograms < 2 && newerNumbers < 2)
        {
            window.Notes.MixedTypes();
            return false;
        }
        var points = newerHistograms >= 2 ? histograms : numbers;
        var seconds = (points.Timestamps[^1] - points.Timestamps[^2]) / 1000.0;
        if (newerHistograms >= 2)
        {
            var change = HistogramRates.Last(points, rate, window.Notes);
            value = new Element(0, rate ? change?.Divide(seconds) : change);
            return change is not null && seconds > 0;
        }
        var (previous, last) = (points.Values[^2], points.Values[^1]);
        var isReset = rate && (last < previous || points.StartsAnew(points.Count - 1));
        value = (isReset ? last : last - previous) / (rate ? seconds : 1);
        return seconds > 0;
    }

    /// <summary>How many stand after the newest of the other kind.</summary>
    private static int Newer(ReadOnlySpan<long> times, long otherMs)
    {
        var count = 0;
        while (count < times.Length && times[^(count + 1)] > otherMs)
        {
            count++;
        }
        return count;
    }
}
