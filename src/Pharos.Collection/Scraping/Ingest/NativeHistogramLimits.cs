using Pharos.Storage.Histograms;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Brings native histograms of a job down to the resolution and the number of buckets that it allows.</summary>
internal readonly record struct NativeHistogramLimits
{
    /// <summary>Prometheus' text.</summary>
    public const string TooManyBuckets = "histogram bucket limit exceeded";

    /// <summary>The factor between the bounds of the finest schema, 2^(2^-8).</summary>
    private const double FinestFactor = 1.00271;

    private readonly int _maxSchema;
    private readonly int _maxBuckets;

    public NativeHistogramLimits(double minBucketFactor, int maxBuckets)
    {
        var factor = minBucketFactor <= 1 ? FinestFactor : minBucketFactor;
        _maxSchema = (int)Math.Clamp(
            Math.Floor(-Math.Log2(Math.Log2(factor))), NativeHistogram.MinSchema, NativeHistogram.MaxSchema);
        _maxBuckets = maxBuckets;
    }

    /// <summary>The histogram at the resolution that fits; null where even the lowest has too many buckets.</summary>
    public NativeHistogram? Fit(NativeHistogram histogram)
    {
        if (!histogram.HasCustomBuckets && histogram.Schema > _maxSchema)
        {
            histogram = histogram.AtSchema(_maxSchema);
        }
        while (_maxBuckets > 0 && histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length > _maxBuckets)
        {
            if (histogram.HasCustomBuckets || histogram.Schema <= NativeHistogram.MinSchema)
            {
                return null;
            }
            histogram = histogram.AtSchema(histogram.Schema - 1);
        }
        return histogram;
    }
}
