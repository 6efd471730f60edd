using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>The zero bucket of a histogram whose other buckets are all on one side is taken to be on that side, too.</summary>
internal static class OneSided
{
    public static HistogramBucket Of(HistogramBucket zero, NativeHistogram histogram)
    {
        if (histogram.NegativeBuckets.Length == 0 && histogram.PositiveBuckets.Length > 0)
        {
            return zero with { Lower = 0 };
        }
        return histogram.PositiveBuckets.Length == 0 && histogram.NegativeBuckets.Length > 0 ? zero with { Upper = 0 } : zero;
    }
}
