using System.Collections.Immutable;
using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Makes native histograms of OpenTelemetry's: exponential ones, and explicit ones with custom buckets.</summary>
/// <remarks>Prometheus: prometheusremotewrite/histograms.go.</remarks>
internal static class HistogramTranslation
{
    // The instruments' own default is not sent along; Prometheus' clients use this one.
    private const double DefaultZeroThreshold = 1e-128;

    /// <summary>Gaps up to this many buckets are filled with empty ones rather than begin a new span.</summary>
    private const int MaxFilledGap = 2;

    /// <summary>Shifts by more would count modulo 32; this one leaves the sign only, too.</summary>
    private const int MaxShift = 31;

    /// <returns>Null, with the reason, where the histogram is coarser than any that can be stored.</returns>
    public static NativeHistogram? Exponential(OtlpPoint point, OtlpTemporality temporality, out string reason)
    {
        reason = "";
        if (point.Scale < NativeHistogram.MinSchema)
        {
            reason = $"cannot convert exponential to native histogram. Scale must be >= {NativeHistogram.MinSchema}, was {point.Scale}";
            return null;
        }
        if (IsTooFar(point.Positive) || IsTooFar(point.Negative))
        {
            reason = "cannot convert exponential to native histogram. The index of a bucket is out of range";
            return null;
        }
        var scaleDown = Math.Max(0, point.Scale - NativeHistogram.MaxSchema);
        var (positiveSpans, positive) = Layout(point.Positive.Counts, point.Positive.Offset, scaleDown, shift: 1);
        var (negativeSpans, negative) = Layout(point.Negative.Counts, point.Negative.Offset, scaleDown, shift: 1);
        return point.HasNoRecordedValue ? NativeHistogram.Stale : new NativeHistogram
        {
            Schema = point.Scale - scaleDown,
            ResetHint = HintOf(temporality),
            ZeroThreshold = point.ZeroThreshold > 0 ? point.ZeroThreshold : DefaultZeroThreshold,
            ZeroCount = point.ZeroCount,
            Count = point.Count,
            Sum = point.Sum ?? 0,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
            HasIntegerCounts = true,
        };
    }

    public static NativeHistogram WithCustomBuckets(OtlpPoint point, OtlpTemporality temporality)
    {
        var empty = point.BucketCounts.FindIndex(count => count > 0);
        empty = empty < 0 ? point.BucketCounts.Count : empty;
        var (spans, counts) = Layout(point.BucketCounts.GetRange(empty, point.BucketCounts.Count - empty), empty, 0, shift: 0);
        return point.HasNoRecordedValue ? NativeHistogram.Stale : new NativeHistogram
        {
            Schema = NativeHistogram.CustomBucketsSchema,
            ResetHint = HintOf(temporality),
            Count = point.Count,
            Sum = point.Sum ?? 0,
            PositiveSpans = spans,
            PositiveBuckets = counts,
            CustomBounds = [.. point.Bounds],
            HasIntegerCounts = true,
        };
    }

    private static bool IsTooFar(OtlpBuckets buckets) => Math.Abs((long)buckets.Offset) + buckets.Counts.Count >= int.MaxValue;

    /// <summary>A delta says nothing of what was before: as with a gauge, no reset is looked for.</summary>
    private static CounterResetHint HintOf(OtlpTemporality temporality) =>
        temporality is OtlpTemporality.Delta ? CounterResetHint.Gauge : CounterResetHint.Unknown;

    /// <param name="shift">OpenTelemetry names a bucket by its lower bound, Prometheus by its upper one.</param>
    private static (ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Counts) Layout(
        List<ulong> counts, int offset, int scaleDown, int shift)
    {
        var spans = ImmutableArray.CreateBuilder<BucketSpan>();
        var merged = ImmutableArray.CreateBuilder<double>();
        var last = 0;
        foreach (var (index, count) in Merged(counts, offset, scaleDown, shift))
        {
            var gap = index - last - 1;
            if (spans.Count == 0 || gap > MaxFilledGap)
            {
                spans.Add(new BucketSpan(spans.Count == 0 ? index : gap, 1));
            }
            else
            {
                merged.AddRange(Enumerable.Repeat(0d, gap));
                spans[^1] = spans[^1] with { Length = spans[^1].Length + gap + 1 };
            }
            merged.Add(count);
            last = index;
        }
        return (spans.ToImmutable(), merged.ToImmutable());
    }

    /// <summary>The buckets that are not empty, 2^<paramref name="scaleDown"/> neighbours taken together.</summary>
    private static IEnumerable<(int Index, double Count)> Merged(List<ulong> counts, int offset, int scaleDown, int shift)
    {
        var (index, sum) = (0, 0UL);
        for (var i = 0; i < counts.Count; i++)
        {
            var next = ((i + offset) >> Math.Min(scaleDown, MaxShift)) + shift;
            if (next != index && sum > 0)
            {
                yield return (index, sum);
                sum = 0;
            }
            index = next;
            sum += counts[i];
        }
        if (sum > 0)
        {
            yield return (index, sum);
        }
    }
}
