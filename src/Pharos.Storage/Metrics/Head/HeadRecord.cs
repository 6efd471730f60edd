using Pharos.Storage.Encoding;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>What a record of the metric log says, by its first byte; docs/formats/metric-wal.md describes each.</summary>
internal static class HeadRecord
{
    /// <summary>A whole batch: the series that are new with it, then its samples.</summary>
    public const byte Batch = 1;
    public const byte Metadata = 2;
    public const byte CheckpointStart = 3;
    public const byte CheckpointSeries = 4;
    public const byte CheckpointEnd = 5;

    /// <summary>The shortest form of one sample in a batch: id delta, time delta, value.</summary>
    private const int MinSampleBytes = 10;

    public static void WriteBatch(ByteWriter into, List<HeadSeries> newSeries, HeadBatch batch)
    {
        into.Clear();
        into.U8(Batch);
        into.UVarint((ulong)newSeries.Count);
        foreach (var series in newSeries)
        {
            into.UVarint(series.Id);
            WriteLabels(into, series.Labels);
        }
        into.UVarint((ulong)batch.Count);
        ulong lastId = 0;
        foreach (var series in batch.Series)
        {
            into.Varint(unchecked((long)(series.Id - lastId)));
            lastId = series.Id;
        }
        var lastMs = 0L;
        foreach (var timestampMs in batch.Timestamps)
        {
            into.Varint(unchecked(timestampMs - lastMs));
            lastMs = timestampMs;
        }
        foreach (var value in batch.Values)
        {
            into.U64(BitConverter.DoubleToUInt64Bits(value));
        }
    }

    public static void WriteMetadata(ByteWriter into, string metricFamily, MetricMetadata metadata)
    {
        into.Clear();
        into.U8(Metadata);
        into.Text(metricFamily);
        into.Text(metadata.Type);
        into.Text(metadata.Help);
        into.Text(metadata.Unit);
    }

    public static void WriteLabels(ByteWriter into, LabelSet labels)
    {
        into.UVarint((ulong)labels.Count);
        foreach (var label in labels.Span)
        {
            into.Text(label.Name);
            into.Text(label.Value);
        }
    }

    public static LabelSet ReadLabels(ref ByteReader from)
    {
        var labels = new Label[from.Count(minBytesEach: 2)];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = new Label(from.Text(), from.Text());
        }
        return new LabelSet(labels);
    }

    /// <summary>The columns of a batch's samples, after its series.</summary>
    public static (ulong[] Ids, long[] TimestampsMs, double[] Values) ReadSamples(ref ByteReader from)
    {
        var count = from.Count(MinSampleBytes);
        var ids = new ulong[count];
        var timestamps = new long[count];
        var values = new double[count];
        unchecked
        {
            ulong id = 0;
            for (var i = 0; i < count; i++)
            {
                ids[i] = id += (ulong)from.Varint();
            }
            var timestampMs = 0L;
            for (var i = 0; i < count; i++)
            {
                timestamps[i] = timestampMs += from.Varint();
            }
        }
        for (var i = 0; i < count; i++)
        {
            values[i] = BitConverter.UInt64BitsToDouble(from.U64());
        }
        return (ids, timestamps, values);
    }
}
