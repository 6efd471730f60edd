using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What a point counts for in a query's budget, in samples of 16 bytes, as Prometheus weighs it.</summary>
internal static class SampleWeight
{
    /// <summary>The fixed part of a histogram and the timestamp beside it (Prometheus: FloatHistogram.Size, HPoint.size).</summary>
    private const int FixedBytes = 168 + 8;

    public static long Of(NativeHistogram histogram) => (FixedBytes + (8L * (
        histogram.PositiveSpans.Length + histogram.NegativeSpans.Length + histogram.PositiveBuckets.Length
        + histogram.NegativeBuckets.Length + histogram.CustomBounds.Length))) / 16;

    public static long Of(in Element element) => element.Histogram is null ? 1 : Of(element.Histogram);

    /// <summary>All points of a series.</summary>
    public static long Of(SeriesColumn column)
    {
        var points = (long)column.Present.AsSpan().Count(true);
        if (column.Histograms is not null)
        {
            foreach (var histogram in column.Histograms)
            {
                points += histogram is null ? 0 : Of(histogram) - 1;
            }
        }
        return points;
    }
}
