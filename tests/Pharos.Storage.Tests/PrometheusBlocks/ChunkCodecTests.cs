using System.Collections.Immutable;
using Pharos.Storage.Files;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.Tests.PrometheusBlocks;

public sealed class ChunkCodecTests
{
    private const int Seed = 20260;

    public static TheoryData<ChunkFormat> Formats => [ChunkFormat.Classic, ChunkFormat.WithStartTimes];

    [Fact]
    public void Three_samples_are_the_bits_that_Prometheus_writes()
    {
        // Worked out by hand from chunkenc/xor.go: count, varint 1000, 1.5, uvarint 15000, '0' (same value),
        // '10' and the 14 bits of -1, '1' '1', 12 leading, 1 significant, the bit.
        var samples = new SampleBuffer();
        samples.Add(1000, 1.5);
        samples.Add(16000, 1.5);
        samples.Add(30999, 1.0);

        var chunk = Assert.Single(Encode(samples, ChunkFormat.Classic));

        Assert.Equal(ChunkEncoding.Xor, chunk.Encoding);
        Assert.Equal("0003D00F3FF800000000000098755FFFEC06", Convert.ToHexString(chunk.Bytes.Span));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Numbers_come_back_bit_for_bit(ChunkFormat format)
    {
        var random = new Random(Seed);
        for (var round = 0; round < 100; round++)
        {
            var samples = new SampleBuffer();
            var time = random.NextInt64(-1L << 45, 1L << 45);
            var start = 0L;
            for (var i = random.Next(1, 400); i > 0; i--)
            {
                time += random.Next(4) == 0 ? random.NextInt64(1, 1L << random.Next(1, 40)) : 15_000;
                start = random.Next(20) == 0 ? random.NextInt64(0, 1L << 42) * random.Next(2) : start;
                samples.Add(time, Value(random), null, format == ChunkFormat.WithStartTimes && round % 2 == 0 ? start : 0);
            }
            AssertSame(samples, format);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Histograms_come_back_with_their_buckets(ChunkFormat format)
    {
        var random = new Random(Seed);
        for (var round = 0; round < 40; round++)
        {
            var samples = new SampleBuffer();
            var time = random.NextInt64(0, 1L << 41);
            var integers = round % 2 == 0;
            double[] counts = [1, 2, 3, 4, 5, 6];
            for (var i = random.Next(1, 300); i > 0; i--)
            {
                time += random.Next(10) == 0 ? 15_001 : 15_000;
                for (var bucket = 0; bucket < counts.Length; bucket++)
                {
                    counts[bucket] = random.Next(50) == 0 ? 1 : counts[bucket] + random.Next(5) + (integers ? 0 : 0.5);
                }
                var histogram = random.Next(30) == 0 ? NativeHistogram.Stale : Histogram(random, counts, integers, round);
                samples.Add(time, 0, histogram, format == ChunkFormat.WithStartTimes ? time - 60_000 : 0);
            }
            AssertSame(samples, format);
        }
    }

    [Fact]
    public void Numbers_and_histograms_of_one_series_go_into_chunks_of_their_own()
    {
        var samples = new SampleBuffer();
        samples.Add(1, 1);
        samples.Add(2, 0, new NativeHistogram { Count = 1, ZeroCount = 1, HasIntegerCounts = true }, 0);
        samples.Add(3, 3);

        var chunks = Encode(samples, ChunkFormat.Classic);

        Assert.Equal([ChunkEncoding.Xor, ChunkEncoding.Histogram, ChunkEncoding.Xor], chunks.Select(chunk => chunk.Encoding));
    }

    [Fact]
    public void A_reset_begins_a_chunk_and_is_told_by_its_first_sample()
    {
        var samples = new SampleBuffer();
        samples.Add(1, 0, new NativeHistogram { Count = 5, ZeroCount = 5, HasIntegerCounts = true }, 0);
        samples.Add(2, 0, new NativeHistogram { Count = 6, ZeroCount = 6, HasIntegerCounts = true }, 0);
        samples.Add(3, 0, new NativeHistogram { Count = 1, ZeroCount = 1, HasIntegerCounts = true }, 0);

        var read = Decode(Encode(samples, ChunkFormat.Classic));

        Assert.Equal([CounterResetHint.Unknown, CounterResetHint.NotCounterReset, CounterResetHint.CounterReset],
            read.Histograms.ToArray().Select(histogram => histogram!.ResetHint));
    }

    [Fact]
    public void Damaged_chunks_are_refused_and_nothing_else_happens()
    {
        var random = new Random(Seed);
        var samples = new SampleBuffer();
        for (var i = 0; i < 50; i++)
        {
            samples.Add(i * 1000, 0, Histogram(random, [i, i, i, i, i, i], integers: true, i % 3), i);
        }
        var chunks = Encode(samples, ChunkFormat.WithStartTimes);
        for (var round = 0; round < 500; round++)
        {
            foreach (var chunk in chunks)
            {
                var bytes = chunk.Bytes.ToArray();
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                bytes = bytes[..random.Next(bytes.Length)];
                for (var encoding = 0; encoding < 8; encoding++)
                {
                    try
                    {
                        ChunkCodec.Decode((ChunkEncoding)encoding, bytes, long.MinValue, long.MaxValue, new SampleBuffer(), "test");
                    }
                    catch (CorruptFileException e)
                    {
                        Assert.Equal("test", e.File);
                    }
                }
            }
        }
    }

    private static double Value(Random random) => random.Next(6) switch
    {
        0 => StaleMarker.Value,
        1 => random.NextDouble(),
        2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
        _ => random.Next(100),
    };

    private static NativeHistogram Histogram(Random random, double[] counts, bool integers, int kind)
    {
        var custom = kind % 3 == 2;
        var gap = random.Next(20) == 0 ? 2 : 1;
        return new NativeHistogram
        {
            Schema = custom ? NativeHistogram.CustomBucketsSchema : kind % 9,
            HasIntegerCounts = integers,
            ResetHint = kind % 5 == 0 ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            ZeroThreshold = custom ? 0 : kind % 4 == 0 ? 0.003 : Math.ScaleB(1, -128),
            ZeroCount = custom ? 0 : counts[0],
            Count = counts.Sum() - (custom ? counts[0] : 0),
            Sum = random.NextDouble(),
            PositiveSpans = [new BucketSpan(custom ? 0 : -3, 2), new BucketSpan(gap, 1)],
            PositiveBuckets = [.. counts[1..4]],
            NegativeSpans = custom ? [] : [new BucketSpan(2, 2)],
            NegativeBuckets = custom ? [] : [.. counts[4..6]],
            CustomBounds = custom ? [0.005, 0.1, 1.0 / 3, 1e9, 1e300] : [],
        };
    }

    private static void AssertSame(SampleBuffer samples, ChunkFormat format)
    {
        var chunks = Encode(samples, format);
        var read = Decode(chunks);
        Assert.Equal(samples.Timestamps.ToArray(), read.Timestamps.ToArray());
        Assert.Equal(samples.StartTimes.ToArray(), read.StartTimes.ToArray());
        for (var i = 0; i < samples.Count; i++)
        {
            if (samples.Histograms.IsEmpty)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(samples.Values[i]), BitConverter.DoubleToInt64Bits(read.Values[i]));
            }
            else
            {
                AssertSame(samples.Histograms[i]!, read.Histograms[i]!);
            }
        }
        Assert.Equal(samples.Count, chunks.Sum(chunk => ChunkCodec.Count(chunk.Encoding, chunk.Bytes.Span)));
    }

    private static void AssertSame(NativeHistogram expected, NativeHistogram actual)
    {
        Assert.Equal(expected.IsStale, actual.IsStale);
        if (!expected.IsStale)
        {
            Assert.Equal((expected.Schema, expected.ZeroThreshold, expected.ZeroCount, expected.Count, expected.Sum),
                (actual.Schema, actual.ZeroThreshold, actual.ZeroCount, actual.Count, actual.Sum));
            Assert.Equal(expected.CustomBounds, actual.CustomBounds);
            Assert.Equal(Buckets(expected.PositiveSpans, expected.PositiveBuckets), Buckets(actual.PositiveSpans, actual.PositiveBuckets));
            Assert.Equal(Buckets(expected.NegativeSpans, expected.NegativeBuckets), Buckets(actual.NegativeSpans, actual.NegativeBuckets));
        }
    }

    private static IEnumerable<(int Index, double Count)> Buckets(ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts)
    {
        var index = 0;
        var at = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (var i = 0; i < span.Length; i++, index++, at++)
            {
                if (counts[at] != 0)
                {
                    yield return (index, counts[at]);
                }
            }
        }
    }

    private static List<PrometheusChunk> Encode(SampleBuffer samples, ChunkFormat format)
    {
        var chunks = new List<PrometheusChunk>();
        ChunkCodec.Encode(samples, format, chunks);
        return chunks;
    }

    private static SampleBuffer Decode(List<PrometheusChunk> chunks)
    {
        var read = new SampleBuffer();
        foreach (var chunk in chunks)
        {
            ChunkCodec.Decode(chunk.Encoding, chunk.Bytes.Span, long.MinValue, long.MaxValue, read, "test");
        }
        return read;
    }
}
