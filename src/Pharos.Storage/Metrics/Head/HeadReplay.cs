using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Fills the head from the log's folder: the newest whole checkpoint, then every segment since.</summary>
/// <remarks>Runs once, before anybody reads. Damage is stepped over, logged and counted; it never stops the start.</remarks>
internal sealed class HeadReplay(IFileSystem files, string directory, HeadBlock head, MetadataTable metadata, ILogger logger)
{
    /// <summary>The log numbers series; the head may know one by another number after damage or a restart.</summary>
    private readonly Dictionary<ulong, HeadSeries> _series = [];

    /// <summary>Ids rise one by one; one that is so far from all before was not written by us, and would make the table of series huge.</summary>
    private const ulong MaxIdJump = 1UL << 32;

    /// <summary>More series than a log ever numbers.</summary>
    private const ulong MaxId = 1UL << 38;

    private long _sealedUntilMs = long.MinValue;

    public int CorruptionCount { get; private set; }

    public long SampleCount { get; private set; }

    /// <summary>Samples whose series' own record is damaged.</summary>
    public long OrphanCount { get; private set; }

    /// <summary>Fills the head and answers the number that the next segment gets.</summary>
    public long Run()
    {
        var last = 0L;
        var from = 0L;
        foreach (var number in WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix).Reverse())
        {
            last = Math.Max(last, number);
            if (from == 0 && LoadCheckpoint(Path.Combine(directory, WalSegments.CheckpointName(number))))
            {
                from = number;
            }
        }
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        for (var i = 0; i < segments.Count; i++)
        {
            last = Math.Max(last, segments[i]);
            if (segments[i] >= from)
            {
                LoadSegment(Path.Combine(directory, WalSegments.SegmentName(segments[i])), isLast: i == segments.Count - 1);
            }
        }
        if (OrphanCount > 0)
        {
            logger.LogError("Metric log {Directory}: {Count} samples belong to series whose own record is damaged; they are lost",
                directory, OrphanCount);
        }
        return last + 1;
    }

    /// <summary>A checkpoint without its last record was never finished and is of no use: the segments are still there.</summary>
    private bool LoadCheckpoint(string path)
    {
        try
        {
            if (!IsComplete(path))
            {
                logger.LogWarning("Metric log: checkpoint {Path} has no end; an older one and the segments since serve", path);
                return false;
            }
            Load(path, isLast: false);
            return true;
        }
        catch (IOException exception)
        {
            CorruptionCount++;
            logger.LogError(exception, "Metric log: checkpoint {Path} cannot be read", path);
            return false;
        }
    }

    private void LoadSegment(string path, bool isLast)
    {
        try
        {
            Load(path, isLast);
        }
        catch (IOException exception)
        {
            CorruptionCount++;
            logger.LogError(exception, "Metric log: segment {Path} cannot be read further", path);
        }
    }

    private bool IsComplete(string path)
    {
        using var reader = new WalRecordReader(files, path);
        var isStarted = false;
        while (reader.Next(out var payload))
        {
            isStarted |= payload[0] == HeadRecord.CheckpointStart;
            if (payload[0] == HeadRecord.CheckpointEnd)
            {
                return isStarted;
            }
        }
        return false;
    }

    private void Load(string path, bool isLast)
    {
        long tornAt;
        using (var reader = new WalRecordReader(files, path))
        {
            while (reader.Next(out var payload))
            {
                Apply(payload, path, reader.PayloadOffset);
            }
            foreach (var (offset, sizeBytes) in reader.Damage)
            {
                CorruptionCount++;
                logger.LogError("Metric log: {SizeBytes} bytes of {Path} from byte {Offset} on are damaged; what was in them is "
                    + "lost, everything before and behind them is kept", sizeBytes, path, offset);
            }
            tornAt = reader.TornAt;
        }
        if (tornAt >= 0)
        {
            CutTail(path, tornAt, isLast);
        }
    }

    private void CutTail(string path, long tornAt, bool isLast)
    {
        var lost = files.Size(path) - tornAt;
        if (isLast)
        {
            logger.LogWarning("Metric log: the last {SizeBytes} bytes of {Path} were never completely written (not acknowledged "
                + "to anyone); the segment is cut at byte {Offset}, its last whole record", lost, path, tornAt);
            files.Truncate(path, tornAt);
            return;
        }
        CorruptionCount++;
        logger.LogError("Metric log: {SizeBytes} bytes at the end of {Path}, from byte {Offset} on, are damaged; what was in them "
            + "is lost", lost, path, tornAt);
    }

    private void Apply(ReadOnlySpan<byte> payload, string path, long offset)
    {
        var reader = new ByteReader(payload, path, offset);
        try
        {
            ApplyRecord(ref reader);
        }
        catch (CorruptFileException exception)
        {
            CorruptionCount++;
            logger.LogError(exception, "Metric log: a record is whole but makes no sense; it is skipped");
        }
    }

    private void ApplyRecord(ref ByteReader reader)
    {
        switch (reader.U8())
        {
            case var batch when HeadRecord.IsBatch(batch):
                ApplyBatch(ref reader, batch);
                break;
            case HeadRecord.Metadata:
                metadata.Set(reader.Text(), new MetricMetadata(reader.Text(), reader.Text(), reader.Text()));
                break;
            case HeadRecord.CheckpointStart:
                _sealedUntilMs = Math.Max(_sealedUntilMs, reader.Varint());
                head.MinValidMs = Math.Max(head.MinValidMs, _sealedUntilMs);
                head.ReserveIds(reader.UVarint() is var lastId && lastId <= MaxId ? lastId : throw reader.Corrupt($"series {lastId}"));
                break;
            case HeadRecord.CheckpointSeries:
                ApplyCheckpointSeries(ref reader, hasKinds: false);
                break;
            case HeadRecord.CheckpointMixedSeries:
                ApplyCheckpointSeries(ref reader, hasKinds: true);
                break;
            case HeadRecord.CheckpointExemplars:
                ApplyExemplars(ref reader);
                break;
            case HeadRecord.CheckpointLate:
                ApplyLate(ref reader);
                break;
            case HeadRecord.Delete:
                ApplyDelete(ref reader);
                break;
            case HeadRecord.CheckpointEnd:
                break;
            case var type:
                throw reader.Corrupt($"record type {type} is not known to this version");
        }
    }

    private void ApplyBatch(ref ByteReader reader, byte type)
    {
        for (var left = reader.Count(minBytesEach: 2); left > 0; left--)
        {
            var id = reader.UVarint();
            _series[id] = Restore(ref reader, id);
        }
        var columns = HeadRecord.ReadSamples(ref reader, type);
        var late = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            var isLate = late < columns.Late.Count && columns.Late[late] == i;
            late += isLate ? 1 : 0;
            if (!_series.TryGetValue(columns.Ids[i], out var series))
            {
                OrphanCount++;
            }
            else if (isLate ? head.ReplayLate(series, columns.SampleAt(i)) : head.Replay(series, columns.SampleAt(i)))
            {
                SampleCount++;
            }
        }
        foreach (var (id, exemplar) in columns.Exemplars)
        {
            if (_series.TryGetValue(id, out var series))
            {
                head.Exemplars.Add(series.Labels, exemplar);
            }
        }
    }

    private HeadSeries Restore(ref ByteReader reader, ulong id) =>
        id is > 0 and <= MaxId && (id <= head.LastId || id - head.LastId <= MaxIdJump) ? head.Restore(id, HeadRecord.ReadLabels(ref reader))
            : throw reader.Corrupt($"series {id} after {head.LastId}");

    private void ApplyDelete(ref ByteReader reader)
    {
        for (var left = reader.Count(minBytesEach: 3); left > 0; left--)
        {
            var id = reader.UVarint();
            var fromMs = reader.Varint();
            var range = new TimeRange(fromMs, unchecked(fromMs + (long)reader.UVarint()));
            if (_series.TryGetValue(id, out var series))
            {
                head.Hide(series, range);
            }
        }
    }

    private void ApplyLate(ref ByteReader reader)
    {
        if (!_series.TryGetValue(reader.UVarint(), out var series))
        {
            return;
        }
        var samples = new SampleBuffer();
        for (var left = reader.Count(minBytesEach: 4); left > 0; left--)
        {
            var chunk = HeadRecord.ReadChunk(ref reader, hasKinds: true);
            chunk.ReadRange(chunk.Count, long.MinValue, long.MaxValue, samples);
        }
        for (var i = 0; i < samples.Count; i++)
        {
            SampleCount += head.ReplayLate(series, samples.SampleAt(i)) ? 1 : 0;
        }
    }

    private void ApplyExemplars(ref ByteReader reader)
    {
        for (var left = reader.Count(minBytesEach: 11); left > 0; left--)
        {
            head.Exemplars.Add(HeadRecord.ReadLabels(ref reader), HeadRecord.ReadExemplar(ref reader));
        }
    }

    private void ApplyCheckpointSeries(ref ByteReader reader, bool hasKinds)
    {
        var id = reader.UVarint();
        var series = Restore(ref reader, id);
        _series[id] = series;
        for (var left = reader.Count(minBytesEach: 4); left > 0; left--)
        {
            var chunk = HeadRecord.ReadChunk(ref reader, hasKinds);
            if (chunk.MaxTimeMs < head.MinValidMs)
            {
                continue;
            }
            SampleCount += chunk.Count;
            head.Replay(series, chunk, isOpen: left == 1);
        }
    }
}
