using Pharos.Storage.Histograms;

namespace Pharos.Storage.PrometheusBlocks.Chunks;

/// <summary>Packs a <see cref="HistogramRun"/>; the counterpart of <see cref="HistogramChunkReader"/>.</summary>
internal static class HistogramChunkWriter
{
    private const int MaxSamplesWithStart = 0x3fff;

    /// <param name="startTimes">Of the run, empty where there are none; null for the encodings without.</param>
    public static byte[] Encode(HistogramRun run, ReadOnlySpan<long> timestamps, ReadOnlySpan<long> startTimes, bool withStarts)
    {
        System.Diagnostics.Debug.Assert(!withStarts || timestamps.Length <= MaxSamplesWithStart, "the count has 14 bits");
        var writer = new BitWriter();
        var integers = run.HasIntegerCounts;
        writer.Bits((uint)timestamps.Length | (withStarts ? (uint)run.ResetHeader << 8 : 0), 16);
        writer.Bits(withStarts ? 0u : run.ResetHeader, 8);
        run.Layout.Write(writer);
        var columns = new IHistogramColumn[2 + run.PositiveIndices.Count + run.NegativeIndices.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = integers ? new IntegerColumn(isSigned: i >= 2) : new FloatColumn();
        }
        var sum = new FloatColumn();
        var starts = default(StartTimes);
        long delta = 0;
        for (var i = 0; i < timestamps.Length; i++)
        {
            var before = i == 0 ? 0 : timestamps[i - 1];
            var newDelta = i == 0 ? 0 : unchecked(timestamps[i] - before);
            writer.VarbitInt(i == 0 ? timestamps[0] : unchecked(newDelta - delta));
            delta = newDelta;
            WriteSample(writer, run, run.Histograms[i], columns, sum, i == 0);
            if (withStarts)
            {
                starts.Write(writer, i, timestamps[i], before, startTimes.IsEmpty ? 0 : startTimes[i]);
            }
        }
        if (withStarts)
        {
            writer.PatchByte(HistogramChunkReader.HeaderBytes - 1, starts.Header);
        }
        return writer.ToArray();
    }

    private static void WriteSample(BitWriter writer, HistogramRun run, NativeHistogram histogram,
        IHistogramColumn[] columns, FloatColumn sum, bool isFirst)
    {
        if (histogram.IsStale)
        {
            // Nothing but the sum says so: the counts stand still and the buckets are left out.
            columns[0].Write(writer, isFirst ? 0 : columns[0].Value, isFirst);
            columns[1].Write(writer, isFirst ? 0 : columns[1].Value, isFirst);
            sum.Write(writer, histogram.Sum, isFirst);
            return;
        }
        columns[0].Write(writer, histogram.Count, isFirst);
        columns[1].Write(writer, histogram.ZeroCount, isFirst);
        sum.Write(writer, histogram.Sum, isFirst);
        var at = 2;
        WriteBuckets(writer, run, BucketCounts.Of(histogram.PositiveSpans, histogram.PositiveBuckets, run.PositiveIndices));
        WriteBuckets(writer, run, BucketCounts.Of(histogram.NegativeSpans, histogram.NegativeBuckets, run.NegativeIndices));

        void WriteBuckets(BitWriter target, HistogramRun owner, double[] counts)
        {
            double previous = 0;
            foreach (var count in counts)
            {
                columns[at++].Write(target, owner.HasIntegerCounts ? count - previous : count, isFirst);
                previous = count;
            }
        }
    }
}
