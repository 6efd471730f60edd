using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>The share of the observations of a native histogram between two values; the inverse of <see cref="NativeQuantile"/>.</summary>
internal static class NativeFraction
{
    public static double Of(double lower, double upper, NativeHistogram histogram, out NaNObservations note)
    {
        note = NaNObservations.None;
        if (histogram.Count == 0 || double.IsNaN(lower) || double.IsNaN(upper))
        {
            return double.NaN;
        }
        if (lower >= upper)
        {
            return 0;
        }
        var count = histogram.Count;
        if (double.IsNaN(histogram.Sum))
        {
            count = histogram.Ascending().Sum(bucket => bucket.Count);
            note = count < histogram.Count ? NaNObservations.Excluded : NaNObservations.None;
        }
        // NaN among the observations is in no fraction, but is an observation.
        return (RankOf(upper, histogram, count) - RankOf(lower, histogram, count)) / histogram.Count;
    }

    /// <summary>How many observations lie below a value.</summary>
    private static double RankOf(double value, NativeHistogram histogram, double count)
    {
        var rank = 0.0;
        foreach (var current in histogram.Ascending())
        {
            var isZero = current.Lower <= 0 && current.Upper >= 0;
            var bucket = isZero ? OneSided.Of(current, histogram) : current;
            if (bucket.Lower >= value)
            {
                return Math.Min(rank, count);
            }
            if (bucket.Upper > value)
            {
                return Math.Min(Inside(bucket, value, rank, histogram.HasCustomBuckets || isZero), count);
            }
            rank += bucket.Count;
        }
        return count;
    }

    private static double Inside(HistogramBucket bucket, double value, double rank, bool linear)
    {
        if (linear)
        {
            // From -Inf no share can be told: the whole bucket counts. Towards +Inf the share is zero by itself.
            return double.IsNegativeInfinity(bucket.Lower) ? bucket.Count
                : rank + (bucket.Count * (value - bucket.Lower) / (bucket.Upper - bucket.Lower));
        }
        var (lower, upper) = (Math.Log2(Math.Abs(bucket.Lower)), Math.Log2(Math.Abs(bucket.Upper)));
        var at = Math.Log2(Math.Abs(value));
        var fraction = value > 0 ? (at - lower) / (upper - lower) : 1 - ((at - upper) / (lower - upper));
        return rank + (bucket.Count * fraction);
    }
}
