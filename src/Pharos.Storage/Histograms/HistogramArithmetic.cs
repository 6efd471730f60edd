using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>Sums, differences and multiples of histograms. Results have counts that need not be whole, and are not compacted.</summary>
public static class HistogramArithmetic
{
    /// <summary>The sum in the resolution that both have; null if one is exponential and the other is not.</summary>
    public static NativeHistogram? Add(this NativeHistogram one, NativeHistogram other, out HistogramNotes notes)
    {
        var sum = new HistogramAccumulator(one, compensated: false);
        notes = sum.Add(other);
        return notes.HasFlag(HistogramNotes.Incompatible) ? null : sum.ToHistogram();
    }

    /// <summary>The difference, under the same conditions. The hint is that of a sum; where the question was "-" the
    /// result is a gauge, and the caller says so.</summary>
    public static NativeHistogram? Subtract(this NativeHistogram one, NativeHistogram other, out HistogramNotes notes)
    {
        var difference = new HistogramAccumulator(one, compensated: false);
        notes = difference.Subtract(other);
        return notes.HasFlag(HistogramNotes.Incompatible) ? null : difference.ToHistogram();
    }

    /// <summary>Every count and the sum, multiplied. A negative factor makes a gauge.</summary>
    public static NativeHistogram Multiply(this NativeHistogram histogram, double factor) =>
        Scale(histogram, factor, static (value, by) => value * by);

    /// <summary>Every count and the sum, divided. By zero no bucket is left. A negative divisor makes a gauge.</summary>
    public static NativeHistogram Divide(this NativeHistogram histogram, double divisor)
    {
        var quotient = Scale(histogram, divisor, static (value, by) => value / by);
        return divisor != 0 ? quotient : new NativeHistogram
        {
            Schema = quotient.Schema,
            ResetHint = quotient.ResetHint,
            ZeroThreshold = quotient.ZeroThreshold,
            ZeroCount = quotient.ZeroCount,
            Count = quotient.Count,
            Sum = quotient.Sum,
            CustomBounds = quotient.CustomBounds,
        };
    }

    public static NativeHistogram Negate(this NativeHistogram histogram) => histogram.Multiply(-1);

    private static NativeHistogram Scale(NativeHistogram histogram, double by, Func<double, double, double> scale) => new()
    {
        Schema = histogram.Schema,
        ResetHint = by < 0 ? CounterResetHint.Gauge : histogram.ResetHint,
        ZeroThreshold = histogram.ZeroThreshold,
        ZeroCount = scale(histogram.ZeroCount, by),
        Count = scale(histogram.Count, by),
        Sum = scale(histogram.Sum, by),
        PositiveSpans = histogram.PositiveSpans,
        PositiveBuckets = Scale(histogram.PositiveBuckets, by, scale),
        NegativeSpans = histogram.NegativeSpans,
        NegativeBuckets = Scale(histogram.NegativeBuckets, by, scale),
        CustomBounds = histogram.CustomBounds,
    };

    private static ImmutableArray<double> Scale(ImmutableArray<double> counts, double by, Func<double, double, double> scale) =>
        ImmutableArray.CreateRange(counts, scale, by);
}
