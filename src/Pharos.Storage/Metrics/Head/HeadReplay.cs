using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Fills the head from the log's folder: the newest whole checkpoint, then every segment since.</summary>
/// <remarks>Runs once, before anybody reads. Damage is stepped over, logged and counted; it never stops the start.</remarks>
internal sealed class HeadReplay(
    IFileSystem files, string directory, ChunkFiles chunkFiles, HeadBlock head, MetadataTable metadata, ILogger logger)
{
    /// <summary>The log numbers series; these the head knows by other numbers, after damage or a restart.</summary>
    private readonly Dictionary<ulong, HeadSeries> _renumbered = [];
    private readonly ChunkGuess _guess = new();
    private readonly Dictionary<uint, bool> _chunkFiles = [];
    private readonly CheckpointGroupQueue _groups = new();
    private readonly SegmentChain _chain = new(files, directory, logger);

    /// <summary>Ids rise one by one; one that is so far from all before was not written by us, and would make the table of series huge.</summary>
    private const ulong MaxIdJump = 1UL << 32;

    /// <summary>More series than a log ever numbers.</summary>
    private const ulong MaxId = 1UL << 38;

    private const int MaxPairsOnStack = 64;
    private long _sealedUntilMs = long.MinValue;
    private (IReadOnlyList<NotedBlock>? Blocks, int Corruptions) _noted;

    public int CorruptionCount { get; private set; }

    /// <summary>Segments that ended in the middle of a record: what a crash leaves of a write.</summary>
    public int TornTailCount { get; private set; }

    /// <summary>The blocks that were there, as the log says last; null where it does not, or is damaged behind that: some may have gone since.</summary>
    public IReadOnlyList<NotedBlock>? NotedBlocks => CorruptionCount > _noted.Corruptions ? null : _noted.Blocks;

    /// <summary>Null where there was no checkpoint.</summary>
    public CheckpointForm? LoadedForm { get; private set; }

    /// <summary>The bytes of the segments that were replayed.</summary>
    public long LogBytes { get; private set; }

    public long SampleCount { get; private set; }

    /// <summary>Samples whose series' own record is damaged.</summary>
    public long OrphanCount { get; private set; }

    /// <summary>Fills the head and answers the number that the next segment gets.</summary>
    public long Run()
    {
        head.Chunks.SpillTo(chunkFiles, chunkFiles.LastNumber());
        var checkpoints = WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix);
        var last = checkpoints.Count == 0 ? 0 : checkpoints[^1];
        var from = checkpoints.LastOrDefault(number => LoadCheckpoint(Path.Combine(directory, WalSegments.CheckpointName(number)), mustBeWhole: true));
        if (from == 0)
        {
            // Its name says that it was whole once: what is left of it is better than nothing.
            from = checkpoints.LastOrDefault(number => LoadCheckpoint(Path.Combine(directory, WalSegments.CheckpointName(number)), mustBeWhole: false));
        }
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        for (var i = 0; i < segments.Count; i++)
        {
            last = Math.Max(last, segments[i]);
            if (segments[i] >= from)
            {
                _chain.Begin(i == 0 ? 0 : segments[i - 1], segments[i], from);
                LoadSegment(Path.Combine(directory, WalSegments.SegmentName(segments[i])), isLast: i == segments.Count - 1);
                CorruptionCount += _chain.End();
            }
        }
        head.Chunks.RemoveEmpty();
        if (CorruptionCount == 0)
        {
            RemoveOrphans();
        }
        if (OrphanCount > 0)
        {
            logger.LogError("Metric log {Directory}: {Count} samples belong to series whose own record is damaged; they are lost",
                directory, OrphanCount);
        }
        return last + 1;
    }

    /// <summary>A checkpoint gets its name when it is whole; one without its last record is damaged.</summary>
    private bool LoadCheckpoint(string path, bool mustBeWhole)
    {
        try
        {
            if (mustBeWhole && !IsComplete(path))
            {
                CorruptionCount++;
                logger.LogError("Metric log: checkpoint {Path} is damaged: it has no start or no end; an older one serves if there is one, "
                    + "else what is left of it", path);
                return false;
            }
            Load(path, isLast: false);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
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
            LogBytes += files.Size(path) - WalFormat.FileHeaderBytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
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
        bool isCutOff;
        using (var reader = new WalRecordReader(files, path))
        {
            try
            {
                while (reader.Next(out var payload))
                {
                    ApplyInTurn(payload, path, reader.PayloadOffset);
                }
            }
            finally
            {
                ApplyGroups(left: 0);
            }
            foreach (var (offset, sizeBytes) in reader.Damage)
            {
                CorruptionCount++;
                logger.LogError("Metric log: {SizeBytes} bytes of {Path} from byte {Offset} on are damaged; what was in them is "
                    + "lost, everything before and behind them is kept", sizeBytes, path, offset);
            }
            (tornAt, isCutOff) = (reader.TornAt, reader.IsTailCutOff);
        }
        if (tornAt >= 0)
        {
            CutTail(path, tornAt, isLast && isCutOff);
        }
    }

    private void CutTail(string path, long tornAt, bool isUnfinished)
    {
        var lost = files.Size(path) - tornAt;
        if (isUnfinished)
        {
            TornTailCount++;
            logger.LogWarning("Metric log: the last {SizeBytes} bytes of {Path} are the beginning of a record that was never completely "
                + "written (not acknowledged to anyone); the segment is cut at byte {Offset}, its last whole record", lost, path, tornAt);
            files.Truncate(path, tornAt);
            return;
        }
        CorruptionCount++;
        logger.LogError("Metric log: {SizeBytes} bytes at the end of {Path}, from byte {Offset} on, are damaged; what was in them "
            + "is lost", lost, path, tornAt);
    }

    private void ApplyInTurn(ReadOnlySpan<byte> payload, string path, long offset)
    {
        if (payload is not [HeadRecord.CheckpointGroup, ..])
        {
            ApplyGroups(left: 0);
            Apply(payload, path, offset);
            return;
        }
        _groups.Add(payload, path, offset);
        ApplyGroups(CheckpointGroupQueue.MaxAhead);
    }

    private void ApplyGroups(int left)
    {
        while (_groups.Count > left)
        {
            try
            {
                ApplyGroup(_groups.Take());
            }
            catch (CorruptFileException exception)
            {
                SkipRecord(exception);
            }
        }
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
            SkipRecord(exception);
        }
    }

    private void SkipRecord(CorruptFileException exception)
    {
        CorruptionCount++;
        logger.LogError(exception, "Metric log: a record is whole but makes no sense; it is skipped");
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
                LoadedForm = reader.Remaining > 0 ? (CheckpointForm)reader.U8() : CheckpointForm.Quick;
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
            case HeadRecord.Blocks:
                _noted = (NotedBlock.ReadAll(ref reader), CorruptionCount);
                break;
            case HeadRecord.SegmentStart:
                CorruptionCount += _chain.Check(ref reader);
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
            Restore(ref reader, id);
        }
        var columns = HeadRecord.ReadSamples(ref reader, type);
        if (columns.ArePlain && _renumbered.Count == 0)
        {
            ReplayPlain(columns);
            return;
        }
        var late = 0;
        for (var i = 0; i < columns.Count; i++)
        {
            var isLate = late < columns.Late.Count && columns.Late[late] == i;
            late += isLate ? 1 : 0;
            if (Find(columns.Ids[i]) is not { } series)
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
            if (Find(id) is { } series)
            {
                head.Exemplars.Add(series.Labels, exemplar);
            }
        }
    }

    private void ReplayPlain(LoggedColumns columns)
    {
        var (minMs, maxMs) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < columns.Count; i++)
        {
            var slot = head.Series.Find(columns.Ids[i]);
            var timestampMs = columns.TimestampsMs[i];
            if (slot < 0)
            {
                OrphanCount++;
            }
            else if (timestampMs >= head.MinValidMs && head.Series.Writer.TryAppend(
                head.Series.PageOf(slot), SeriesTable.IndexOf(slot), timestampMs, columns.Values[i], CommitScope.Replay))
            {
                SampleCount++;
                minMs = Math.Min(minMs, timestampMs);
                maxMs = Math.Max(maxMs, timestampMs);
            }
        }
        head.WidenTo(minMs, maxMs);
    }

    private HeadSeries Restore(ref ByteReader reader, ulong id)
    {
        CheckId(ref reader, id);
        var series = head.Restore(id, HeadRecord.ReadLabels(ref reader));
        if (series.Id != id)
        {
            _renumbered[id] = series;
        }
        return series;
    }

    private HeadSeries? Find(ulong id) => _renumbered.Count > 0 && _renumbered.TryGetValue(id, out var series) ? series : head.Find(id);

    private void CheckId(ref ByteReader reader, ulong id)
    {
        if (id is 0 or > MaxId || (id > head.LastId && id - head.LastId > MaxIdJump))
        {
            throw reader.Corrupt($"series {id} after {head.LastId}");
        }
    }

    private void ApplyDelete(ref ByteReader reader)
    {
        for (var left = reader.Count(minBytesEach: 3); left > 0; left--)
        {
            var id = reader.UVarint();
            var fromMs = reader.Varint();
            var range = new TimeRange(fromMs, unchecked(fromMs + (long)reader.UVarint()));
            if (Find(id) is { } series)
            {
                head.Hide(series, range);
            }
        }
    }

    private void ApplyLate(ref ByteReader reader)
    {
        if (Find(reader.UVarint()) is not { } series)
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

    private void ApplyGroup(CheckpointGroup group)
    {
        var pairs = new uint[group.Pairs.Length];
        head.Index.Acquire(group.Pairs, pairs);
        Span<uint> own = stackalloc uint[MaxPairsOnStack];
        var chunks = group.Chunks();
        _guess.Clear();
        for (var i = 0; i < group.Ids.Length; i++)
        {
            var places = group.PairsOf(i);
            own = places.Length <= own.Length ? own : new uint[places.Length];
            for (var label = 0; label < places.Length; label++)
            {
                own[label] = pairs[places[label]];
            }
            CheckId(ref chunks, group.Ids[i]);
            if (head.Restore(group.Ids[i], own[..places.Length], group.LabelHashes[i]) is not { } series)
            {
                throw chunks.Corrupt($"a second series {group.Ids[i]}");
            }
            var count = chunks.Count(minBytesEach: 2);
            _guess.Begin(group.Ids[i], count);
            for (var age = 0; age < count; age++)
            {
                var place = _guess.Read(age, ref chunks, out var isOpen);
                ReplayChunk(series, place, isOpen, group.LastValues[i]);
            }
        }
        head.Index.Release(pairs);
    }

    private void ReplayChunk(HeadSeries series, in ChunkPlace place, bool isOpen, double lastValue)
    {
        if (place.MaxTimeMs < head.MinValidMs)
        {
            return;
        }
        var isThere = OpenChunkFile(place.Segment);
        var bytes = isThere && isOpen ? head.Chunks.Find(place) : null;
        if (bytes is not null)
        {
            head.Replay(series, new HeadChunk(place.Kind, bytes, place.Count, place.MinTimeMs, place.MaxTimeMs), isOpen: true);
        }
        else if (!isThere || isOpen || !head.Replay(series, place, lastValue))
        {
            series.NoteLost();
            if (isThere)
            {
                CorruptionCount++;
                chunkFiles.Damaged(place.Segment, place.Offset);
            }
            return;
        }
        SampleCount += place.Count;
    }

    private bool OpenChunkFile(uint number)
    {
        if (!_chunkFiles.TryGetValue(number, out var isThere))
        {
            try
            {
                head.Chunks.AdoptFile(number, chunkFiles.OpenFound(number, out var isDamaged));
                CorruptionCount += isDamaged ? 1 : 0;
                isThere = true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                CorruptionCount++;
                chunkFiles.Unreadable(number, exception);
            }
            _chunkFiles.Add(number, isThere);
        }
        return isThere;
    }

    /// <summary>Files that no checkpoint names: what is in them is made again from the log, or was sealed.</summary>
    private void RemoveOrphans()
    {
        foreach (var number in chunkFiles.Numbers().Where(number => !_chunkFiles.ContainsKey(number)).ToArray())
        {
            chunkFiles.Remove(number);
        }
    }

    private void ApplyCheckpointSeries(ref ByteReader reader, bool hasKinds)
    {
        var id = reader.UVarint();
        var series = Restore(ref reader, id);
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
