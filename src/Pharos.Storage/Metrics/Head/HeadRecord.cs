using System.Buffers;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Head;

/// <summary>What a record of the metric log says, by its first byte; docs/formats/metric-wal.md describes each.</summary>
internal static class HeadRecord
{
    /// <summary>A whole batch: the series that are new with it, then its samples. Read only; <see cref="ShortBatch"/> is written.</summary>
    public const byte Batch = 1;
    public const byte Metadata = 2;
    public const byte CheckpointStart = 3;
    public const byte CheckpointSeries = 4;
    public const byte CheckpointEnd = 5;

    /// <summary>A batch that has exemplars, or in which some sample is a histogram, has a start time or came late. Read only;
    /// <see cref="ShortBatchWithParts"/> is written.</summary>
    public const byte BatchWithParts = 6;

    /// <summary>Exemplars of a checkpoint, each with the labels of its series.</summary>
    public const byte CheckpointExemplars = 8;

    /// <summary>Hides samples of series of the head.</summary>
    public const byte Delete = 9;

    /// <summary>The samples of a checkpoint's series that came late, in chunks.</summary>
    public const byte CheckpointLate = 10;

    /// <summary>A checkpoint's series whose chunks say of which kind they are.</summary>
    public const byte CheckpointMixedSeries = 7;

    /// <summary>As <see cref="Batch"/>, with numbers and times of series as columns of steps, and values as short decimals.</summary>
    public const byte ShortBatch = 11;

    /// <summary>As <see cref="BatchWithParts"/>, with the columns of <see cref="ShortBatch"/>.</summary>
    public const byte ShortBatchWithParts = 12;

    /// <summary>Some series of a checkpoint: <see cref="Spill.CheckpointGroup"/>.</summary>
    public const byte CheckpointGroup = 13;

    /// <summary>The number of the segment before, and the bytes that it had.</summary>
    public const byte SegmentStart = 14;

    /// <summary>All blocks that there are, from this record on.</summary>
    public const byte Blocks = 15;

    /// <summary>The bits of a chunk's sample count that say its kind, in checkpoints and blocks.</summary>
    private const int ChunkKindBits = 2;

    /// <summary>The shortest form of one sample in an old batch: id delta, time delta, value. In a short one all but the value may take
    /// nothing.</summary>
    private const int MinSampleBytes = 10;
    private const int MinShortSampleBytes = 1;

    public static void WriteBatch(ByteWriter into, List<HeadSeries> newSeries, HeadBatch batch)
    {
        into.Clear();
        var hasParts = batch.HasHistograms || batch.HasStartTimes || batch.Exemplars is not null
            || batch.Late is not null;
        into.U8(hasParts ? ShortBatchWithParts : ShortBatch);
        into.UVarint((ulong)newSeries.Count);
        foreach (var series in newSeries)
        {
            into.UVarint(series.Id);
            WriteLabels(into, series.Labels);
        }
        into.UVarint((ulong)batch.Count);
        WriteColumns(into, batch);
        if (hasParts)
        {
            WriteParts(into, batch);
        }
    }

    private static void WriteColumns(ByteWriter into, HeadBatch batch)
    {
        var count = batch.Count;
        if (count == 0)
        {
            return;
        }
        var rented = ArrayPool<long>.Shared.Rent(count * 2);
        var room = rented.AsSpan(0, count);
        var scratch = MemoryMarshal.Cast<long, ulong>(rented.AsSpan(count, count));
        SteppedColumn.Write(MemoryMarshal.Cast<ulong, long>(batch.Ids), room, scratch, into);
        SteppedColumn.Write(batch.Timestamps, room, scratch, into);
        ShortDecimals.Write(batch.Values, into);
        ArrayPool<long>.Shared.Return(rented);
    }

    public static void WriteDelete(ByteWriter into, List<(HeadSeries Series, TimeRange Range)> ranges)
    {
        into.Clear();
        into.U8(Delete);
        into.UVarint((ulong)ranges.Count);
        foreach (var (series, range) in ranges)
        {
            into.UVarint(series.Id);
            into.Varint(range.FromMs);
            into.UVarint(unchecked((ulong)(range.ToMs - range.FromMs)));
        }
    }

    public static void WriteBlocks(ByteWriter into, IReadOnlyList<NotedBlock> blocks)
    {
        into.Clear();
        into.U8(Blocks);
        NotedBlock.WriteAll(into, blocks);
    }

    public static void WriteChunks(ByteWriter into, List<HeadChunk> chunks, bool hasKinds)
    {
        into.UVarint((ulong)chunks.Count);
        foreach (var chunk in chunks)
        {
            into.Varint(chunk.MinTimeMs);
            into.UVarint(unchecked((ulong)(chunk.MaxTimeMs - chunk.MinTimeMs)));
            into.UVarint(hasKinds ? WithKind(chunk.Count, chunk.Kind) : (ulong)chunk.Count);
            into.UVarint((ulong)chunk.Bytes.Length);
            into.Bytes(chunk.Bytes);
        }
    }

    public static HeadChunk ReadChunk(ref ByteReader from, bool hasKinds)
    {
        var minTimeMs = from.Varint();
        var maxTimeMs = unchecked(minTimeMs + (long)from.UVarint());
        var count = (int)from.UVarint();
        var kind = hasKinds ? KindOf(ref count) : ChunkKind.Xor;
        return new HeadChunk(kind, from.Take(from.Count()).ToArray(), count, minTimeMs, maxTimeMs);
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

    /// <summary>The series that are new with a batch.</summary>
    public static void ReadSeries(ref ByteReader from, Dictionary<ulong, LabelSet> into)
    {
        for (var left = from.Count(minBytesEach: 2); left > 0; left--)
        {
            into[from.UVarint()] = ReadLabels(ref from);
        }
    }

    public static bool IsBatch(byte type) => type is Batch or BatchWithParts or ShortBatch or ShortBatchWithParts;

    /// <summary>The columns of a batch's samples, after its series.</summary>
    public static LoggedColumns ReadSamples(ref ByteReader from, byte type)
    {
        var columns = type is ShortBatch or ShortBatchWithParts ? ReadShortColumns(ref from) : ReadColumns(ref from);
        return type is BatchWithParts or ShortBatchWithParts ? ReadParts(ref from, columns) : columns;
    }

    private static LoggedColumns ReadShortColumns(ref ByteReader from)
    {
        var count = from.Count(MinShortSampleBytes);
        if (count > HeadBatch.MaxSamples)
        {
            throw from.Corrupt($"a batch of {count} samples");
        }
        var columns = new LoggedColumns(new ulong[count], new long[count], new double[count]);
        if (count > 0)
        {
            SteppedColumn.Read(ref from, MemoryMarshal.Cast<ulong, long>(columns.Ids.AsSpan()));
            SteppedColumn.Read(ref from, columns.TimestampsMs);
            ShortDecimals.Read(ref from, columns.Values);
        }
        return columns;
    }

    private static LoggedColumns ReadColumns(ref ByteReader from)
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
        return new LoggedColumns(ids, timestamps, values);
    }

    public static ulong WithKind(int count, ChunkKind kind) => ((ulong)count << ChunkKindBits) | (uint)kind;

    /// <summary>Parts a chunk's sample count as it stands in a file into the count itself and the chunk's kind.</summary>
    public static ChunkKind KindOf(ref int count)
    {
        var kind = (ChunkKind)(count & ((1 << ChunkKindBits) - 1));
        count >>= ChunkKindBits;
        return kind;
    }

    private static void WriteParts(ByteWriter into, HeadBatch batch)
    {
        var histograms = 0;
        var startTimes = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var sample = batch.SampleAt(i);
            histograms += sample.Histogram is null ? 0 : 1;
            startTimes += sample.StartTimeMs == 0 ? 0 : 1;
        }
        into.UVarint((ulong)histograms);
        var last = 0;
        for (var i = 0; i < batch.Count && histograms > 0; i++)
        {
            if (batch.SampleAt(i).Histogram is { } histogram)
            {
                into.UVarint((ulong)(i - last));
                HistogramRecord.Write(into, histogram);
                last = i;
            }
        }
        into.UVarint((ulong)startTimes);
        last = 0;
        for (var i = 0; i < batch.Count && startTimes > 0; i++)
        {
            var sample = batch.SampleAt(i);
            if (sample.StartTimeMs != 0)
            {
                into.UVarint((ulong)(i - last));
                into.Varint(unchecked(sample.StartTimeMs - sample.TimestampMs));
                last = i;
            }
        }
        WriteExemplars(into, batch);
        if (batch.Late is not { } late)
        {
            return;
        }
        into.UVarint((ulong)late.Count);
        last = 0;
        foreach (var index in late)
        {
            into.UVarint((ulong)(index - last));
            last = index;
        }
    }

    private static void WriteExemplars(ByteWriter into, HeadBatch batch)
    {
        // A series that never got a sample is not known to the log, so its exemplar cannot be either.
        var exemplars = batch.Exemplars?.FindAll(static entry => entry.Series.IsLogged) ?? [];
        into.UVarint((ulong)exemplars.Count);
        foreach (var (series, exemplar) in exemplars)
        {
            into.UVarint(series.Id);
            WriteExemplar(into, exemplar);
        }
    }

    public static void WriteExemplar(ByteWriter into, Exemplar exemplar)
    {
        into.Varint(exemplar.TimestampMs);
        into.U64(BitConverter.DoubleToUInt64Bits(exemplar.Value));
        WriteLabels(into, exemplar.Labels);
    }

    public static Exemplar ReadExemplar(ref ByteReader from)
    {
        var timestampMs = from.Varint();
        var value = BitConverter.UInt64BitsToDouble(from.U64());
        return new Exemplar(ReadLabels(ref from), value, timestampMs);
    }

    private static LoggedColumns ReadParts(ref ByteReader from, LoggedColumns columns)
    {
        NativeHistogram?[]? histograms = null;
        long[]? startTimes = null;
        var at = 0;
        for (var left = from.Count(minBytesEach: 2); left > 0; left--)
        {
            histograms ??= new NativeHistogram?[columns.Count];
            at = NextSample(ref from, at, columns.Count);
            histograms[at] = HistogramRecord.Read(ref from, columns.Values[at]);
        }
        at = 0;
        for (var left = from.Count(minBytesEach: 2); left > 0; left--)
        {
            startTimes ??= new long[columns.Count];
            at = NextSample(ref from, at, columns.Count);
            startTimes[at] = unchecked(columns.TimestampsMs[at] + from.Varint());
        }
        // Logs from before exemplars end here.
        var exemplars = new (ulong, Exemplar)[from.Remaining > 0 ? from.Count(minBytesEach: 11) : 0];
        for (var i = 0; i < exemplars.Length; i++)
        {
            exemplars[i] = (from.UVarint(), ReadExemplar(ref from));
        }
        var late = new int[from.Remaining > 0 ? from.Count() : 0];
        at = 0;
        for (var i = 0; i < late.Length; i++)
        {
            late[i] = at = NextSample(ref from, at, columns.Count);
        }
        return columns with { Histograms = histograms, StartTimesMs = startTimes, Exemplars = exemplars, Late = late };
    }

    private static int NextSample(ref ByteReader from, int last, int count)
    {
        var next = (ulong)last + from.UVarint();
        return next < (ulong)count ? (int)next : throw from.Corrupt($"sample {next} of {count}");
    }
}
