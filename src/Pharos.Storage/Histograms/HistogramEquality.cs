using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>When two histograms are the same. Reset hints are not compared: they say something of other samples.</summary>
public static class HistogramEquality
{
    /// <summary>The same buckets, empty ones included, with the same counts bit by bit; only spans without a bucket are ignored.
    /// This is <c>==</c> of PromQL.</summary>
    public static bool HasSameData(this NativeHistogram one, NativeHistogram other) =>
        one.Schema == other.Schema && SameBits(one.Count, other.Count) && SameBits(one.Sum, other.Sum)
        && (!one.HasCustomBuckets || CustomBounds.Match(one.CustomBounds, other.CustomBounds))
        && one.ZeroThreshold == other.ZeroThreshold && SameBits(one.ZeroCount, other.ZeroCount)
        && SameBuckets(one.NegativeSpans, one.NegativeBuckets, other.NegativeSpans, other.NegativeBuckets)
        && SameBuckets(one.PositiveSpans, one.PositiveBuckets, other.PositiveSpans, other.PositiveBuckets);

    /// <summary>The same observations, however the buckets are kept.</summary>
    public static bool HasSameDistribution(this NativeHistogram one, NativeHistogram other) =>
        one.Compact().HasSameData(other.Compact());

    private static bool SameBits(double one, double other) =>
        BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other);

    private static bool SameBuckets(
        ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts,
        ImmutableArray<BucketSpan> otherSpans, ImmutableArray<double> otherCounts)
    {
        if (counts.Length != otherCounts.Length)
        {
            return false;
        }
        var (mine, theirs) = (new BucketCursor(spans, counts), new BucketCursor(otherSpans, otherCounts));
        while (mine.MoveNext())
        {
            if (!theirs.MoveNext() || mine.Index != theirs.Index || !SameBits(mine.Count, theirs.Count))
            {
                return false;
            }
        }
        return !theirs.MoveNext();
    }
}
