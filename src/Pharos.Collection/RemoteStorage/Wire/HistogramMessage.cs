using System.Collections.Immutable;
using Pharos.Storage.Histograms;

namespace Pharos.Collection.RemoteStorage.Wire;

/// <summary>Writes a native histogram as both versions of remote write, and remote read, carry it.</summary>
/// <remarks>prompb/types.proto and io/prometheus/write/v2/types.proto, message Histogram: the same field numbers.</remarks>
internal static class HistogramMessage
{
    /// <param name="startTimeMs">0 where it is not known, or where the version of the protocol has no such field.</param>
    public static void Write(ProtobufWriter writer, int field, NativeHistogram histogram, long timestampMs, long startTimeMs)
    {
        var message = writer.Begin(field);
        if (histogram.HasIntegerCounts)
        {
            writer.UInt64EvenZero(1, (ulong)histogram.Count);
        }
        else
        {
            writer.DoubleEvenZero(2, histogram.Count);
        }
        writer.Double(3, histogram.Sum);
        writer.ZigZag(4, histogram.Schema);
        writer.Double(5, histogram.ZeroThreshold);
        if (histogram.HasIntegerCounts)
        {
            writer.UInt64EvenZero(6, (ulong)histogram.ZeroCount);
        }
        else
        {
            writer.DoubleEvenZero(7, histogram.ZeroCount);
        }
        WriteSpans(writer, 8, histogram.NegativeSpans);
        WriteBuckets(writer, 9, histogram.NegativeBuckets, histogram.HasIntegerCounts);
        WriteSpans(writer, 11, histogram.PositiveSpans);
        WriteBuckets(writer, 12, histogram.PositiveBuckets, histogram.HasIntegerCounts);
        writer.Int64(14, (long)histogram.ResetHint);
        writer.Int64(15, timestampMs);
        WriteDoubles(writer, 16, histogram.CustomBounds);
        writer.Int64(17, startTimeMs);
        writer.End(message);
    }

    private static void WriteSpans(ProtobufWriter writer, int field, ImmutableArray<BucketSpan> spans)
    {
        foreach (var span in spans)
        {
            var message = writer.Begin(field);
            writer.ZigZag(1, span.Offset);
            writer.Int64(2, span.Length);
            writer.End(message);
        }
    }

    /// <param name="field">Of the deltas; that of the absolute counts is the next one.</param>
    private static void WriteBuckets(ProtobufWriter writer, int field, ImmutableArray<double> counts, bool integers)
    {
        if (!integers)
        {
            WriteDoubles(writer, field + 1, counts);
            return;
        }
        if (counts.IsEmpty)
        {
            return;
        }
        var packed = writer.Begin(field);
        var last = 0L;
        foreach (var count in counts)
        {
            writer.RawZigZag((long)count - last);
            last = (long)count;
        }
        writer.End(packed);
    }

    private static void WriteDoubles(ProtobufWriter writer, int field, ImmutableArray<double> values)
    {
        if (values.IsEmpty)
        {
            return;
        }
        var packed = writer.Begin(field);
        foreach (var value in values)
        {
            writer.RawDouble(value);
        }
        writer.End(packed);
    }
}
