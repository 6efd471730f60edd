using System.Collections.Immutable;
using CsCheck;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Tests.Histograms;

/// <summary>Histograms for tests: by hand, and at random with whole counts, so that sums are exact.</summary>
internal static class Make
{
    private static readonly Gen<(BucketSpan[] Spans, double[] Counts)> Side =
        Gen.Select(Gen.Int[0, 40], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3].Select(count => (double)count).Array[0, 4]).Array[0, 4])
            .Select((first, spans) => (
                spans.Select((span, i) => new BucketSpan(i == 0 ? first : span.Item1, span.Item2.Length)).ToArray(),
                spans.SelectMany(span => span.Item2).ToArray()));

    public static readonly Gen<NativeHistogram> Exponential =
        Gen.Select(Gen.Int[-2, 4], Gen.OneOf(Gen.Const(0.0), Gen.Const(0.001), Gen.Const(0.3), Gen.Const(1.0), Gen.Const(5.0)), Gen.Int[0, 9], Side, Side)
            .Select((schema, threshold, zeroCount, positive, negative) => new NativeHistogram
            {
                Schema = schema,
                ZeroThreshold = threshold,
                ZeroCount = zeroCount,
                Count = zeroCount + positive.Counts.Sum() + negative.Counts.Sum(),
                Sum = positive.Counts.Sum() - negative.Counts.Sum(),
                PositiveSpans = OutsideZero(positive.Spans, schema, threshold),
                PositiveBuckets = [.. positive.Counts],
                NegativeSpans = OutsideZero(negative.Spans, schema, threshold),
                NegativeBuckets = [.. negative.Counts],
            });

    /// <summary>Two of equal schema or equal threshold. Where both differ, Prometheus brings the zero buckets together before the
    /// schemas, so that the sum depends on the order.</summary>
    public static readonly Gen<(NativeHistogram, NativeHistogram)> Pair = Gen.Select(Exponential, Exponential)
        .Where((one, other) => one.Schema == other.Schema || one.ZeroThreshold == other.ZeroThreshold);

    public static readonly Gen<NativeHistogram> Custom =
        Gen.Select(Gen.Int[-5, 5].Array[0, 6], Gen.Int[0, 5].Array[7]).Select((bounds, counts) =>
            CustomOf([.. bounds.Distinct().Order().Select(bound => (double)bound)],
                [.. counts.Take(bounds.Distinct().Count() + 1).Select(count => (double)count)]));

    /// <summary>Moves the first bucket behind the zero bucket.</summary>
    private static ImmutableArray<BucketSpan> OutsideZero(BucketSpan[] spans, int schema, double threshold)
    {
        if (spans.Length > 0)
        {
            var first = threshold == 0 ? -20 : 1 + (int)Math.Ceiling(Math.Log2(threshold) * Math.Pow(2, schema));
            return [spans[0] with { Offset = spans[0].Offset + first }, .. spans[1..]];
        }
        return [];
    }

    public static NativeHistogram Positive(int schema, int offset, params double[] counts) => new()
    {
        Schema = schema,
        Count = counts.Sum(),
        Sum = counts.Sum(),
        PositiveSpans = [new BucketSpan(offset, counts.Length)],
        PositiveBuckets = [.. counts],
    };

    public static NativeHistogram CustomOf(double[] bounds, params double[] counts) => new()
    {
        Schema = NativeHistogram.CustomBucketsSchema,
        Count = counts.Sum(),
        Sum = counts.Sum(),
        CustomBounds = [.. bounds],
        PositiveSpans = [new BucketSpan(0, counts.Length)],
        PositiveBuckets = [.. counts],
    };

    public static NativeHistogram Zero(double threshold, double zeroCount, NativeHistogram rest) => new()
    {
        Schema = rest.Schema,
        ZeroThreshold = threshold,
        ZeroCount = zeroCount,
        Count = zeroCount + rest.Count,
        Sum = rest.Sum,
        PositiveSpans = rest.PositiveSpans,
        PositiveBuckets = rest.PositiveBuckets,
        NegativeSpans = rest.NegativeSpans,
        NegativeBuckets = rest.NegativeBuckets,
    };
}
