using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>What a store may say of a histogram and the one before it in its series.</summary>
/// <remarks>The rules of Prometheus' chunks (tsdb/chunkenc): only "a gauge" and "no reset, the one before is known" are ever
/// read back. A sample that was appended with an explicit reset, or where the comparison finds one, is read back as unknown,
/// because what stands before it may be deleted or added later; a reader compares the two.</remarks>
internal static class HistogramContinuity
{
    /// <summary>The hint to store.</summary>
    /// <param name="before">The sample before it in the series, or null where that is a number or not there.</param>
    public static CounterResetHint HintOf(NativeHistogram next, NativeHistogram? before)
    {
        if (next.ResetHint == CounterResetHint.Gauge)
        {
            return CounterResetHint.Gauge;
        }
        if (before is null || before.ResetHint == CounterResetHint.Gauge || next.ResetHint == CounterResetHint.CounterReset
            || before.IsStale || before.HasIntegerCounts != next.HasIntegerCounts)
        {
            return CounterResetHint.Unknown;
        }
        return GoesOn(before, next) ? CounterResetHint.NotCounterReset : CounterResetHint.Unknown;
    }

    /// <summary>The same histogram where it no longer stands behind the one it was compared with.</summary>
    public static NativeHistogram WithoutKnowledge(NativeHistogram histogram) =>
        histogram.ResetHint is CounterResetHint.Gauge or CounterResetHint.Unknown ? histogram : new NativeHistogram
        {
            Schema = histogram.Schema,
            ZeroThreshold = histogram.ZeroThreshold,
            ZeroCount = histogram.ZeroCount,
            Count = histogram.Count,
            Sum = histogram.Sum,
            PositiveSpans = histogram.PositiveSpans,
            PositiveBuckets = histogram.PositiveBuckets,
            NegativeSpans = histogram.NegativeSpans,
            NegativeBuckets = histogram.NegativeBuckets,
            CustomBounds = histogram.CustomBounds,
            HasIntegerCounts = histogram.HasIntegerCounts,
        };

    /// <summary>Whether both are the same sample; what they say of the one before does not count.</summary>
    public static bool AreSame(NativeHistogram left, NativeHistogram right)
    {
        if (left.IsStale || right.IsStale)
        {
            return left.IsStale && right.IsStale;
        }
        return left.Schema == right.Schema && left.HasIntegerCounts == right.HasIntegerCounts
            && SameBits(left.Count, right.Count) && SameBits(left.Sum, right.Sum) && SameBits(left.ZeroCount, right.ZeroCount)
            && SameBits(left.ZeroThreshold, right.ZeroThreshold)
            && left.PositiveSpans.AsSpan().SequenceEqual(right.PositiveSpans.AsSpan())
            && left.NegativeSpans.AsSpan().SequenceEqual(right.NegativeSpans.AsSpan())
            && left.PositiveBuckets.AsSpan().SequenceEqual(right.PositiveBuckets.AsSpan())
            && left.NegativeBuckets.AsSpan().SequenceEqual(right.NegativeBuckets.AsSpan())
            && left.CustomBounds.AsSpan().SequenceEqual(right.CustomBounds.AsSpan());
    }

    private static bool GoesOn(NativeHistogram before, NativeHistogram next)
    {
        if (next.IsStale)
        {
            return true;
        }
        return next.Count >= before.Count && next.Schema == before.Schema && next.ZeroThreshold == before.ZeroThreshold
            && next.CustomBounds.AsSpan().SequenceEqual(before.CustomBounds.AsSpan()) && next.ZeroCount >= before.ZeroCount
            && HasGrown(before.PositiveSpans, before.PositiveBuckets, next.PositiveSpans, next.PositiveBuckets)
            && HasGrown(before.NegativeSpans, before.NegativeBuckets, next.NegativeSpans, next.NegativeBuckets);
    }

    /// <summary>Whether no bucket has shrunk; one that is not there counts as 0.</summary>
    private static bool HasGrown(ImmutableArray<BucketSpan> spans, ImmutableArray<double> buckets,
        ImmutableArray<BucketSpan> nextSpans, ImmutableArray<double> nextBuckets)
    {
        var next = 0;
        using var nextIndexes = Indexes(nextSpans).GetEnumerator();
        var hasNext = nextIndexes.MoveNext();
        var at = 0;
        foreach (var index in Indexes(spans))
        {
            while (hasNext && nextIndexes.Current < index)
            {
                hasNext = nextIndexes.MoveNext();
                next++;
            }
            var nextCount = hasNext && nextIndexes.Current == index ? nextBuckets[next] : 0;
            if (nextCount < buckets[at++])
            {
                return false;
            }
        }
        return true;
    }

    private static IEnumerable<long> Indexes(ImmutableArray<BucketSpan> spans)
    {
        var index = 0L;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++)
            {
                yield return index++;
            }
        }
    }

    private static bool SameBits(double left, double right) =>
        BitConverter.DoubleToInt64Bits(left) == BitConverter.DoubleToInt64Bits(right);
}
