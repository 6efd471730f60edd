using System.Collections.Immutable;
using CsCheck;
using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.Tests.Metrics;

namespace Pharos.Storage.Tests.Encoding;

public sealed class MixedChunkTests
{
    private static readonly Gen<double> Count = Gen.OneOf(Gen.Int[0, 50].Select(i => (double)i), Gen.Double,
        Gen.Const(-0.0), Gen.Const((double)(1L << 53)), Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity));

    private static readonly Gen<double> Whole = Gen.Int[0, 1000].Select(i => (double)i);

    private static readonly Gen<(ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Buckets)> Buckets =
        Gen.Select(Gen.Select(Gen.Int[-3, 5], Gen.Int[0, 4]).Array[0, 3], Gen.OneOf(Whole.Array[12], Count.Array[12])).Select(
            (spans, counts) => (spans.Select(span => new BucketSpan(span.Item1, span.Item2)).ToImmutableArray(),
                counts.Take(spans.Sum(span => span.Item2)).ToImmutableArray()));

    private static readonly Gen<NativeHistogram> Histogram = Gen.Select(Gen.Int[0, 1], Buckets, Buckets,
        Gen.OneOf(Whole, Count), Gen.Int[0, 3], Gen.Bool).Select((schema, positive, negative, count, hint, isInteger) =>
            new NativeHistogram
            {
                Schema = schema == 0 ? 3 : NativeHistogram.CustomBucketsSchema,
                ZeroThreshold = schema,
                ZeroCount = Math.Floor(count / 2),
                Count = count,
                Sum = count * 1.25,
                PositiveSpans = positive.Spans,
                PositiveBuckets = positive.Buckets,
                NegativeSpans = negative.Spans,
                NegativeBuckets = negative.Buckets,
                CustomBounds = schema == 0 ? [] : [0.5, count],
                HasIntegerCounts = isInteger,
                ResetHint = (CounterResetHint)hint,
            });

    private static readonly Gen<SeriesSample> Sample = Gen.Select(Gen.Int[0, 9], Gen.Long[1, 100_000], Count, Histogram,
        Gen.OneOf(Gen.Const(0L), Gen.Const(500L), Gen.Const(-1L), Gen.Long[0, 5000])).Select((kind, step, value, histogram, start) =>
            new SeriesSample(step, value, kind switch
            {
                < 3 => null,
                9 => NativeHistogram.Stale,
                _ => histogram,
            }, start));

    [Fact]
    public void Whatever_mix_was_packed_is_unpacked_bit_by_bit() => Sample.Array[1, 60].Sample(steps =>
    {
        var samples = Timed(steps);
        var writer = new MixedChunkWriter();
        foreach (var sample in samples)
        {
            writer.Append(sample, sample.Histogram?.ResetHint ?? default);
        }
        var reader = new MixedChunkReader(writer.ToArray(), writer.Count);
        for (var i = 0; i < samples.Length; i++)
        {
            Assert.True(reader.Next());
            Assert.Equal(Some.Text(samples[i]), Some.Text(reader.Current));
            Assert.Equal(HintOf(samples, i), reader.Current.Histogram?.ResetHint);
        }
        Assert.False(reader.Next());
    });

    [Fact]
    public void Bytes_that_no_writer_made_end_the_chunk() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        var into = new SampleBuffer();
        ChunkReader.ReadRange(ChunkKind.Mixed, bytes, 240, long.MinValue, long.MaxValue, into);
        Assert.InRange(into.Count, 0, 240);
    });

    [Fact]
    public void An_unchanged_start_time_costs_one_bit()
    {
        Assert.InRange(SizeOf(i => 12_345), SizeOf(i => 0), SizeOf(i => 0) + 10);
        Assert.InRange(SizeOf(i => (i - 1) * 15_000L), SizeOf(i => 0), SizeOf(i => 0) + 10);
    }

    [Fact]
    public void Steady_histograms_take_few_bits_a_bucket()
    {
        var writer = new MixedChunkWriter();
        for (var i = 0; i < 120; i++)
        {
            var histogram = Some.Histogram(-5, [.. Enumerable.Range(0, 20).Select(bucket => (double)(i * bucket))]);
            writer.Append(new SeriesSample(i * 15_000, histogram.Sum, histogram, 0), CounterResetHint.NotCounterReset);
        }
        Assert.InRange(writer.SizeBytes, 120, 2500);
    }

    private static int SizeOf(Func<int, long> startTime)
    {
        var writer = new MixedChunkWriter();
        for (var i = 0; i < 240; i++)
        {
            writer.Append(new SeriesSample(i * 15_000, 1, null, startTime(i)), default);
        }
        return writer.SizeBytes;
    }

    /// <summary>Start times of -1 stand for the time of the sample before.</summary>
    private static SeriesSample[] Timed(SeriesSample[] steps)
    {
        var now = 0L;
        return [.. steps.Select(step =>
        {
            var before = now;
            now += step.TimestampMs;
            return step with { TimestampMs = now, StartTimeMs = step.StartTimeMs == -1 ? before : step.StartTimeMs };
        })];
    }

    private static CounterResetHint? HintOf(SeriesSample[] samples, int index)
    {
        if (samples[index].Histogram is not { } histogram)
        {
            return null;
        }
        var isKnown = !StaleMarker.Is(histogram.Sum) && (index > 0 || histogram.ResetHint == CounterResetHint.Gauge);
        return isKnown ? histogram.ResetHint : CounterResetHint.Unknown;
    }
}
