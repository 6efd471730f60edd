using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Consecutive histograms of one series that fit into one chunk: one kind, one resolution, no counter reset between
/// them; their buckets are spread over those that any of them has.</summary>
internal sealed class HistogramRun
{
    private HistogramRun(NativeHistogram[] histograms, byte resetHeader)
    {
        Histograms = histograms;
        ResetHeader = resetHeader;
        var first = histograms[0];
        HasIntegerCounts = first.HasIntegerCounts;
        PositiveIndices = Union(static histogram => histogram.PositiveSpans);
        NegativeIndices = Union(static histogram => histogram.NegativeSpans);
        Layout = new HistogramLayout
        {
            Schema = first.Schema,
            ZeroThreshold = first.ZeroThreshold,
            PositiveSpans = BucketCounts.Spans(PositiveIndices),
            NegativeSpans = BucketCounts.Spans(NegativeIndices),
            CustomBounds = first.CustomBounds,
        };
    }

    public IReadOnlyList<NativeHistogram> Histograms { get; }

    public byte ResetHeader { get; }

    public bool HasIntegerCounts { get; }

    public SortedSet<int> PositiveIndices { get; }

    public SortedSet<int> NegativeIndices { get; }

    public HistogramLayout Layout { get; }

    /// <summary>The longest run from the first of <paramref name="histograms"/> on; null ends it, as a number does.</summary>
    /// <param name="before">The histogram before the first, or null.</param>
    public static HistogramRun Take(ReadOnlySpan<NativeHistogram?> histograms, NativeHistogram? before, int maxSamples)
    {
        var first = histograms[0]!;
        var length = 1;
        while (length < Math.Min(histograms.Length, maxSamples) && histograms[length] is { } next
            && Continues(histograms[length - 1]!, next))
        {
            length++;
        }
        return new HistogramRun([.. histograms[..length]!], HeaderOf(first, before));
    }

    private static byte HeaderOf(NativeHistogram first, NativeHistogram? before)
    {
        if (first.ResetHint is CounterResetHint.Gauge)
        {
            return Chunks.ResetHeader.Gauge;
        }
        if (first.ResetHint is CounterResetHint.CounterReset)
        {
            return Chunks.ResetHeader.Reset;
        }
        if (before is null || first.IsStale || !SameKind(before, first))
        {
            return Chunks.ResetHeader.Unknown;
        }
        return IsReset(before, first) ? Chunks.ResetHeader.Reset : Chunks.ResetHeader.NotReset;
    }

    /// <summary>A stale marker has no kind: it goes with what it ends, and only others follow it.</summary>
    private static bool Continues(NativeHistogram previous, NativeHistogram next) =>
        next.IsStale
        || (SameKind(previous, next)
            && (next.ResetHint is CounterResetHint.Gauge
                || (next.ResetHint is not CounterResetHint.CounterReset && !IsReset(previous, next))));

    private static bool SameKind(NativeHistogram left, NativeHistogram right) =>
        !left.IsStale && left.HasIntegerCounts == right.HasIntegerCounts && left.Schema == right.Schema
        && left.ZeroThreshold == right.ZeroThreshold
        && (left.ResetHint is CounterResetHint.Gauge) == (right.ResetHint is CounterResetHint.Gauge)
        && left.CustomBounds.AsSpan().SequenceEqual(right.CustomBounds.AsSpan());

    private static bool IsReset(NativeHistogram previous, NativeHistogram next) =>
        next.Count < previous.Count || next.ZeroCount < previous.ZeroCount
        || AnyFalls(previous.PositiveSpans, previous.PositiveBuckets, next.PositiveSpans, next.PositiveBuckets)
        || AnyFalls(previous.NegativeSpans, previous.NegativeBuckets, next.NegativeSpans, next.NegativeBuckets);

    private static bool AnyFalls(ImmutableArray<BucketSpan> spans, ImmutableArray<double> buckets,
        ImmutableArray<BucketSpan> nextSpans, ImmutableArray<double> nextBuckets)
    {
        var later = BucketCounts.Of(nextSpans, nextBuckets, [.. BucketCounts.Indices(spans)]);
        for (var i = 0; i < later.Length && i < buckets.Length; i++)
        {
            if (later[i] < buckets[i])
            {
                return true;
            }
        }
        return false;
    }

    private SortedSet<int> Union(Func<NativeHistogram, ImmutableArray<BucketSpan>> spans)
    {
        var indices = new SortedSet<int>();
        foreach (var histogram in Histograms)
        {
            if (!histogram.IsStale)
            {
                indices.UnionWith(BucketCounts.Indices(spans(histogram)));
            }
        }
        return indices;
    }
}
