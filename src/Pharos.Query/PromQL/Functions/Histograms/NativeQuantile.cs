using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>The value below which a share of the observations of a native histogram lies.</summary>
/// <remarks>Inside exponential buckets observations are taken to be spread evenly on a logarithmic scale, in the zero bucket and
/// in custom buckets evenly. With positive buckets only, the zero bucket begins at 0; with negative ones only it ends there.
/// Prometheus: promql/quantile.go.</remarks>
internal static class NativeQuantile
{
    public static double Of(double quantile, NativeHistogram histogram, out NaNObservations note)
    {
        note = NaNObservations.None;
        if (quantile is < 0 or > 1)
        {
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        }
        if (histogram.Count == 0 || double.IsNaN(quantile))
        {
            return double.NaN;
        }
        // NaN is in no bucket but ranks above all, so with it among the observations only counting upwards is right; it makes
        // the sum NaN. Otherwise the shorter way, which is also the more exact one.
        var upwards = double.IsNaN(histogram.Sum) || quantile < 0.5;
        var rank = upwards ? quantile * histogram.Count : (1 - quantile) * histogram.Count;
        using var buckets = (upwards ? histogram.Ascending() : histogram.Descending()).GetEnumerator();
        var (bucket, count) = Find(buckets, rank);
        if (histogram.HasCustomBuckets)
        {
            if (double.IsNegativeInfinity(bucket.Lower))
            {
                if (bucket.Upper <= 0)
                {
                    return bucket.Upper;
                }
                bucket = bucket with { Lower = 0 };
            }
            else if (double.IsPositiveInfinity(bucket.Upper))
            {
                return bucket.Lower;
            }
        }
        else if (bucket.Lower < 0 && bucket.Upper > 0)
        {
            bucket = OneSided.Of(bucket, histogram);
        }
        var reached = Math.Min(count, histogram.Count);
        if (reached < rank)
        {
            note = double.IsNaN(histogram.Sum) ? NaNObservations.ResultIsNaN : NaNObservations.None;
            return double.IsNaN(histogram.Sum) ? double.NaN : bucket.Upper;
        }
        if (double.IsNaN(histogram.Sum) && IsAnyUncounted(buckets, reached, histogram.Count))
        {
            note = NaNObservations.ResultIsSkewed;
        }
        var fraction = (upwards ? rank - (reached - bucket.Count) : reached - rank) / bucket.Count;
        return histogram.HasCustomBuckets || (bucket.Lower <= 0 && bucket.Upper >= 0)
            ? bucket.Lower + ((bucket.Upper - bucket.Lower) * fraction) : Exponential(bucket, fraction);
    }

    /// <summary>The bucket in which the rank is reached, or the last one, and the count up to its end.</summary>
    private static (HistogramBucket Bucket, double Count) Find(IEnumerator<HistogramBucket> buckets, double rank)
    {
        var (bucket, count) = (default(HistogramBucket), 0.0);
        while (buckets.MoveNext())
        {
            bucket = buckets.Current;
            if (bucket.Count == 0)
            {
                continue;
            }
            count += bucket.Count;
            if (count >= rank)
            {
                break;
            }
        }
        return (bucket, count);
    }

    /// <summary>A sum of NaN can also come from +Inf and -Inf together, which are in buckets.</summary>
    private static bool IsAnyUncounted(IEnumerator<HistogramBucket> rest, double count, double total)
    {
        while (rest.MoveNext())
        {
            count += rest.Current.Count;
        }
        return count < total;
    }

    private static double Exponential(HistogramBucket bucket, double fraction)
    {
        var (lower, upper) = (Math.Log2(Math.Abs(bucket.Lower)), Math.Log2(Math.Abs(bucket.Upper)));
        return bucket.Lower > 0 ? Math.Pow(2, lower + ((upper - lower) * fraction))
            : -Math.Pow(2, upper + ((lower - upper) * (1 - fraction)));
    }
}
