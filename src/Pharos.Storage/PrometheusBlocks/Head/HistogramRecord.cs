using System.Collections.Immutable;
using Pharos.Storage.Encoding;
using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>A histogram as it stands in a record of the log.</summary>
internal static class HistogramRecord
{
    public static NativeHistogram Read(ref ByteReader reader, bool integers)
    {
        var hint = (CounterResetHint)(reader.U8() & 3);
        var schema = (int)reader.Varint();
        var zeroThreshold = reader.DoubleBigEndian();
        var zeroCount = integers ? reader.UVarint() : reader.DoubleBigEndian();
        var count = integers ? reader.UVarint() : reader.DoubleBigEndian();
        var sum = reader.DoubleBigEndian();
        var positiveSpans = Spans(ref reader);
        var negativeSpans = Spans(ref reader);
        return new NativeHistogram
        {
            Schema = schema,
            ResetHint = hint,
            ZeroThreshold = zeroThreshold,
            ZeroCount = zeroCount,
            Count = count,
            Sum = sum,
            PositiveSpans = positiveSpans,
            NegativeSpans = negativeSpans,
            PositiveBuckets = Buckets(ref reader, integers),
            NegativeBuckets = Buckets(ref reader, integers),
            CustomBounds = schema == NativeHistogram.CustomBucketsSchema ? Doubles(ref reader) : [],
            HasIntegerCounts = integers,
        };
    }

    private static ImmutableArray<BucketSpan> Spans(ref ByteReader reader)
    {
        var spans = new BucketSpan[reader.Count(minBytesEach: 2)];
        for (var i = 0; i < spans.Length; i++)
        {
            spans[i] = new BucketSpan((int)reader.Varint(), (int)reader.UVarint());
        }
        return [.. spans];
    }

    private static ImmutableArray<double> Buckets(ref ByteReader reader, bool integers)
    {
        if (!integers)
        {
            return Doubles(ref reader);
        }
        var buckets = new double[reader.Count()];
        long running = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            running += reader.Varint();
            buckets[i] = running;
        }
        return [.. buckets];
    }

    private static ImmutableArray<double> Doubles(ref ByteReader reader)
    {
        var values = new double[reader.Count(minBytesEach: sizeof(double))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.DoubleBigEndian();
        }
        return [.. values];
    }
}
