using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>The buckets of a histogram with their bounds, in the orders that readers want.</summary>
public static class HistogramBuckets
{
    /// <summary>Every bucket from the lowest to the highest, the empty ones of the spans among them; the zero bucket only if
    /// it holds something. A neighbour that overlaps the zero bucket begins at its edge.</summary>
    public static IEnumerable<HistogramBucket> Ascending(this NativeHistogram histogram)
    {
        var negative = Side(histogram, positive: false);
        for (var i = negative.Count - 1; i >= 0; i--)
        {
            yield return OutsideZero(negative[i], histogram.ZeroThreshold);
        }
        if (histogram.ZeroCount > 0)
        {
            yield return histogram.ZeroBucket();
        }
        foreach (var bucket in histogram.PositiveSide())
        {
            yield return OutsideZero(bucket, histogram.ZeroThreshold);
        }
    }

    /// <summary>The same from the highest to the lowest.</summary>
    public static IEnumerable<HistogramBucket> Descending(this NativeHistogram histogram)
    {
        var positive = Side(histogram, positive: true);
        for (var i = positive.Count - 1; i >= 0; i--)
        {
            yield return OutsideZero(positive[i], histogram.ZeroThreshold);
        }
        if (histogram.ZeroCount > 0)
        {
            yield return histogram.ZeroBucket();
        }
        foreach (var bucket in histogram.NegativeSide())
        {
            yield return OutsideZero(bucket, histogram.ZeroThreshold);
        }
    }

    /// <summary>From zero upwards, in the order of <see cref="NativeHistogram.PositiveBuckets"/>.</summary>
    public static IEnumerable<HistogramBucket> PositiveSide(this NativeHistogram histogram) => Side(histogram, positive: true);

    /// <summary>From zero downwards, in the order of <see cref="NativeHistogram.NegativeBuckets"/>.</summary>
    public static IEnumerable<HistogramBucket> NegativeSide(this NativeHistogram histogram) => Side(histogram, positive: false);

    public static HistogramBucket ZeroBucket(this NativeHistogram histogram) =>
        new(-histogram.ZeroThreshold, histogram.ZeroThreshold, true, true, histogram.ZeroCount);

    private static List<HistogramBucket> Side(NativeHistogram histogram, bool positive)
    {
        var counts = positive ? histogram.PositiveBuckets : histogram.NegativeBuckets;
        var buckets = new List<HistogramBucket>(counts.Length);
        var cursor = new BucketCursor(positive ? histogram.PositiveSpans : histogram.NegativeSpans, counts);
        while (cursor.MoveNext())
        {
            buckets.Add(histogram.HasCustomBuckets ? Custom(histogram.CustomBounds, cursor.Index, cursor.Count)
                : Exponential(histogram.Schema, cursor.Index, cursor.Count, positive));
        }
        return buckets;
    }

    private static HistogramBucket Exponential(int schema, int index, double count, bool positive)
    {
        var (inner, outer) = (ExponentialBounds.Upper(index - 1, schema), ExponentialBounds.Upper(index, schema));
        return positive ? new HistogramBucket(inner, outer, inner < 0, outer > 0, count)
            : new HistogramBucket(-outer, -inner, -outer < 0, -inner > 0, count);
    }

    private static HistogramBucket Custom(ImmutableArray<double> bounds, int index, double count) =>
        new(CustomBounds.Upper(bounds, index - 1), CustomBounds.Upper(bounds, index), index == 0, true, count);

    private static HistogramBucket OutsideZero(HistogramBucket bucket, double threshold)
    {
        if (bucket.Upper < 0 && bucket.Upper > -threshold)
        {
            return bucket with { Upper = -threshold };
        }
        return bucket.Lower > 0 && bucket.Lower < threshold ? bucket with { Lower = threshold } : bucket;
    }
}
