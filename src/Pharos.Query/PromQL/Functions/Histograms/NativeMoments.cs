using Pharos.Query.PromQL.Aggregations;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>Average and spread of the observations of a native histogram.</summary>
internal static class NativeMoments
{
    public static double Average(NativeHistogram histogram) => histogram.Sum / histogram.Count;

    public static double StandardDeviation(NativeHistogram histogram) => Math.Sqrt(Variance(histogram));

    /// <summary>An estimate: every observation is taken to be in the middle of its bucket, the geometric one where buckets are
    /// exponential.</summary>
    public static double Variance(NativeHistogram histogram)
    {
        var mean = Average(histogram);
        var squares = default(Compensated);
        foreach (var bucket in histogram.Ascending())
        {
            if (bucket.Count != 0)
            {
                var delta = MiddleOf(bucket, histogram.HasCustomBuckets) - mean;
                squares.Add(bucket.Count * delta * delta);
            }
        }
        return (squares.Sum + squares.Correction) / histogram.Count;
    }

    private static double MiddleOf(HistogramBucket bucket, bool custom)
    {
        if (custom)
        {
            return (bucket.Upper + bucket.Lower) / 2;
        }
        if (bucket.Lower <= 0 && bucket.Upper >= 0)
        {
            return 0;
        }
        var middle = Math.Sqrt(bucket.Upper * bucket.Lower);
        return bucket.Upper < 0 ? -middle : middle;
    }
}
