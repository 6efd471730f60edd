using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Encoding;

/// <summary>What the histograms of a chunk share while it stays the same: everything but counts, sum and hint.</summary>
/// <param name="IsXor">The counts are packed as doubles; otherwise as whole numbers.</param>
internal sealed record HistogramLayout(int Schema, double ZeroThreshold, ImmutableArray<BucketSpan> PositiveSpans,
    ImmutableArray<BucketSpan> NegativeSpans, ImmutableArray<double> CustomBounds, bool HasIntegerCounts, bool IsXor)
{
    /// <summary>More buckets than any histogram has; a layout that says more is damaged.</summary>
    public const int MaxBuckets = 1 << 20;

    public static readonly HistogramLayout None = new(0, 0, [], [], [], false, false);

    /// <summary>Doubles up to this one hold every whole number.</summary>
    private const double MaxWhole = 1L << 53;

    public int PositiveCount { get; } = CountOf(PositiveSpans);

    public int NegativeCount { get; } = CountOf(NegativeSpans);

    public static HistogramLayout Of(NativeHistogram histogram, bool isXor) => new(histogram.Schema, histogram.ZeroThreshold,
        histogram.PositiveSpans, histogram.NegativeSpans, histogram.CustomBounds, histogram.HasIntegerCounts, isXor);

    /// <summary>Whether the spans have the buckets that they say, and no more of them than a chunk takes.</summary>
    public static bool IsWellFormed(NativeHistogram histogram) =>
        CountOf(histogram.PositiveSpans) == histogram.PositiveBuckets.Length
        && CountOf(histogram.NegativeSpans) == histogram.NegativeBuckets.Length;

    /// <summary>Whether every count is a whole number that a double holds exactly.</summary>
    public static bool IsWhole(NativeHistogram histogram) => IsWhole(histogram.Count) && IsWhole(histogram.ZeroCount)
        && AreWhole(histogram.PositiveBuckets.AsSpan()) && AreWhole(histogram.NegativeBuckets.AsSpan());

    public bool Fits(NativeHistogram histogram) => Schema == histogram.Schema
        && BitConverter.DoubleToInt64Bits(ZeroThreshold) == BitConverter.DoubleToInt64Bits(histogram.ZeroThreshold)
        && HasIntegerCounts == histogram.HasIntegerCounts
        && PositiveSpans.AsSpan().SequenceEqual(histogram.PositiveSpans.AsSpan())
        && NegativeSpans.AsSpan().SequenceEqual(histogram.NegativeSpans.AsSpan())
        && CustomBounds.AsSpan().SequenceEqual(histogram.CustomBounds.AsSpan());

    private static bool AreWhole(ReadOnlySpan<double> counts)
    {
        foreach (var count in counts)
        {
            if (!IsWhole(count))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsWhole(double count) =>
        Math.Abs(count) <= MaxWhole && count == Math.Truncate(count) && !(count == 0 && double.IsNegative(count));

    private static int CountOf(ImmutableArray<BucketSpan> spans)
    {
        long count = 0;
        foreach (var span in spans)
        {
            count += span.Length is >= 0 and <= MaxBuckets ? span.Length : MaxBuckets + 1;
        }
        return count > MaxBuckets ? -1 : (int)count;
    }
}
