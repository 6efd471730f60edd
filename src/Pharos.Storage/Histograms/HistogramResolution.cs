using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>The same observations in other buckets.</summary>
public static class HistogramResolution
{
    /// <summary>Without empty buckets, except runs of at most <paramref name="maxEmptyBuckets"/> between two others, which
    /// then join what would be two spans.</summary>
    public static NativeHistogram Compact(this NativeHistogram histogram, int maxEmptyBuckets = 0)
    {
        if (IsCompact(histogram.PositiveSpans, histogram.PositiveBuckets, maxEmptyBuckets) &&
            IsCompact(histogram.NegativeSpans, histogram.NegativeBuckets, maxEmptyBuckets))
        {
            return histogram;
        }
        return WithBuckets(histogram, histogram.Schema,
            Compact(histogram.PositiveSpans, histogram.PositiveBuckets, maxEmptyBuckets),
            Compact(histogram.NegativeSpans, histogram.NegativeBuckets, maxEmptyBuckets));
    }

    /// <summary>In a coarser exponential schema, or the histogram itself if it is no finer.</summary>
    /// <exception cref="ArgumentException">The buckets have custom bounds.</exception>
    public static NativeHistogram AtSchema(this NativeHistogram histogram, int schema)
    {
        if (histogram.HasCustomBuckets)
        {
            throw new ArgumentException("Custom buckets have no resolution that can be reduced.", nameof(histogram));
        }
        return schema >= histogram.Schema ? histogram : WithBuckets(histogram, schema,
            Coarser(histogram.PositiveSpans, histogram.PositiveBuckets, histogram.Schema, schema),
            Coarser(histogram.NegativeSpans, histogram.NegativeBuckets, histogram.Schema, schema));
    }

    /// <summary>The same histogram that says something else of the one before it.</summary>
    public static NativeHistogram WithHint(this NativeHistogram histogram, CounterResetHint hint) => hint == histogram.ResetHint
        ? histogram : Copy(histogram, histogram.Schema, hint,
            (histogram.PositiveSpans, histogram.PositiveBuckets), (histogram.NegativeSpans, histogram.NegativeBuckets));

    private static NativeHistogram WithBuckets(
        NativeHistogram histogram, int schema, (ImmutableArray<BucketSpan>, ImmutableArray<double>) positive,
        (ImmutableArray<BucketSpan>, ImmutableArray<double>) negative) =>
        Copy(histogram, schema, histogram.ResetHint, positive, negative);

    private static NativeHistogram Copy(
        NativeHistogram histogram, int schema, CounterResetHint hint,
        (ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Buckets) positive,
        (ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Buckets) negative) => new()
        {
            Schema = schema,
            ResetHint = hint,
            ZeroThreshold = histogram.ZeroThreshold,
            ZeroCount = histogram.ZeroCount,
            Count = histogram.Count,
            Sum = histogram.Sum,
            PositiveSpans = positive.Spans,
            PositiveBuckets = positive.Buckets,
            NegativeSpans = negative.Spans,
            NegativeBuckets = negative.Buckets,
            CustomBounds = histogram.CustomBounds,
            HasIntegerCounts = histogram.HasIntegerCounts,
        };

    private static (ImmutableArray<BucketSpan>, ImmutableArray<double>) Coarser(
        ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts, int schema, int coarser) =>
        BucketRow.From(spans, counts)
            .Mapped(index => ExponentialBounds.CoarserIndex(index, schema, coarser), compensated: false)
            .Freeze();

    private static bool IsCompact(ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts, int maxEmptyBuckets)
    {
        for (var i = 0; i < spans.Length; i++)
        {
            if (spans[i].Length == 0 || (i > 0 && spans[i].Offset <= maxEmptyBuckets))
            {
                return false;
            }
        }
        return !counts.Contains(0);
    }

    private static (ImmutableArray<BucketSpan>, ImmutableArray<double>) Compact(
        ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts, int maxEmptyBuckets)
    {
        var compactSpans = ImmutableArray.CreateBuilder<BucketSpan>();
        var compactCounts = ImmutableArray.CreateBuilder<double>();
        var end = 0L;
        var cursor = new BucketCursor(spans, counts);
        while (cursor.MoveNext())
        {
            if (cursor.Count == 0)
            {
                continue;
            }
            var gap = cursor.Index - end;
            if (compactSpans.Count > 0 && gap >= 0 && gap <= maxEmptyBuckets)
            {
                compactSpans[^1] = compactSpans[^1] with { Length = compactSpans[^1].Length + (int)gap + 1 };
                compactCounts.AddRange(Enumerable.Repeat(0.0, (int)gap));
            }
            else
            {
                compactSpans.Add(new BucketSpan((int)gap, 1));
            }
            compactCounts.Add(cursor.Count);
            end = cursor.Index + 1L;
        }
        return (compactSpans.DrainToImmutable(), compactCounts.DrainToImmutable());
    }
}
