using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.Metrics.Head;

/// <summary>A histogram by itself, as a record of the log has it; the sum stands among the batch's values.</summary>
internal static class HistogramRecord
{
    private const byte StaleFlag = 1;
    private const byte IntegerCountsFlag = 2;

    /// <summary>The counts are whole numbers and stand as such.</summary>
    private const byte WholeFlag = 4;
    private const int HintShift = 4;

    public static void Write(ByteWriter into, NativeHistogram histogram)
    {
        if (histogram.IsStale)
        {
            into.U8(StaleFlag);
            return;
        }
        var isWhole = HistogramLayout.IsWhole(histogram);
        into.U8((byte)((histogram.HasIntegerCounts ? IntegerCountsFlag : 0) | (isWhole ? WholeFlag : 0)
            | ((int)histogram.ResetHint << HintShift)));
        into.Varint(histogram.Schema);
        into.U64(BitConverter.DoubleToUInt64Bits(histogram.ZeroThreshold));
        WriteCount(into, histogram.Count, isWhole);
        WriteCount(into, histogram.ZeroCount, isWhole);
        WriteBuckets(into, histogram.PositiveSpans, histogram.PositiveBuckets, isWhole);
        WriteBuckets(into, histogram.NegativeSpans, histogram.NegativeBuckets, isWhole);
        into.UVarint((ulong)histogram.CustomBounds.Length);
        foreach (var bound in histogram.CustomBounds)
        {
            into.U64(BitConverter.DoubleToUInt64Bits(bound));
        }
    }

    public static NativeHistogram Read(ref ByteReader from, double sum)
    {
        var flags = from.U8();
        if ((flags & StaleFlag) != 0)
        {
            return NativeHistogram.Stale;
        }
        var isWhole = (flags & WholeFlag) != 0;
        var schema = (int)from.Varint();
        var threshold = BitConverter.UInt64BitsToDouble(from.U64());
        var count = ReadCount(ref from, isWhole);
        var zeroCount = ReadCount(ref from, isWhole);
        var (positiveSpans, positiveBuckets) = ReadBuckets(ref from, isWhole);
        var (negativeSpans, negativeBuckets) = ReadBuckets(ref from, isWhole);
        var bounds = new double[from.Count(sizeof(double))];
        for (var i = 0; i < bounds.Length; i++)
        {
            bounds[i] = BitConverter.UInt64BitsToDouble(from.U64());
        }
        return new NativeHistogram
        {
            Schema = schema,
            ResetHint = (CounterResetHint)((flags >> HintShift) & 3),
            ZeroThreshold = threshold,
            Count = count,
            ZeroCount = zeroCount,
            Sum = sum,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positiveBuckets,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negativeBuckets,
            CustomBounds = ImmutableCollectionsMarshal.AsImmutableArray(bounds),
            HasIntegerCounts = (flags & IntegerCountsFlag) != 0,
        };
    }

    private static void WriteBuckets(ByteWriter into, ImmutableArray<BucketSpan> spans, ImmutableArray<double> buckets,
        bool isWhole)
    {
        into.UVarint((ulong)spans.Length);
        foreach (var span in spans)
        {
            into.Varint(span.Offset);
            into.UVarint((ulong)span.Length);
        }
        foreach (var count in buckets)
        {
            WriteCount(into, count, isWhole);
        }
    }

    private static (ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Buckets) ReadBuckets(ref ByteReader from,
        bool isWhole)
    {
        var spans = new BucketSpan[from.Count(minBytesEach: 2)];
        long total = 0;
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = new BucketSpan((int)from.Varint(), (int)Math.Min(from.UVarint(), int.MaxValue));
            total += spans[i].Length;
        }
        if (total > from.Remaining)
        {
            throw from.Corrupt($"a histogram of {total} buckets with {from.Remaining} bytes left");
        }
        var buckets = new double[total];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = ReadCount(ref from, isWhole);
        }
        return (ImmutableCollectionsMarshal.AsImmutableArray(spans), ImmutableCollectionsMarshal.AsImmutableArray(buckets));
    }

    private static void WriteCount(ByteWriter into, double count, bool isWhole)
    {
        if (isWhole)
        {
            into.Varint((long)count);
        }
        else
        {
            into.U64(BitConverter.DoubleToUInt64Bits(count));
        }
    }

    private static double ReadCount(ref ByteReader from, bool isWhole) =>
        isWhole ? from.Varint() : BitConverter.UInt64BitsToDouble(from.U64());
}
