using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Writes the head as it was at a commit into one file, which then stands for all segments before a number.</summary>
/// <remarks>Written beside its name, synced and renamed: after a crash the file is whole or not there.</remarks>
internal sealed class HeadCheckpoint(IFileSystem files, string directory)
{
    private const int BufferBytes = 256 * 1024;
    private const int ExemplarsPerRecord = 1000;

    public void Write(long segmentNumber, HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata, long commit)
    {
        var path = Path.Combine(directory, WalSegments.CheckpointName(segmentNumber));
        var temporary = path + WalSegments.TemporarySuffix;
        using (var file = files.Create(temporary))
        {
            WriteRecords(file, head, metadata, commit);
            file.Sync();
        }
        files.Rename(temporary, path);
        files.SyncDirectory(directory);
    }

    /// <summary>Removes what a checkpoint stands for, and what was never finished.</summary>
    /// <param name="segmentNumber">Segments before it go; so does every checkpoint but the newest that stands before, or at,
    /// this number: the segments from there on build on it.</param>
    public void RemoveBefore(long segmentNumber)
    {
        var kept = WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix).LastOrDefault(number =>
            number <= segmentNumber);
        foreach (var suffix in new[] { WalSegments.CheckpointSuffix, WalSegments.SegmentSuffix })
        {
            foreach (var number in WalSegments.Numbers(files, directory, suffix))
            {
                if (number < (suffix == WalSegments.CheckpointSuffix ? kept : segmentNumber))
                {
                    files.Delete(Path.Combine(directory, number.ToString("D8") + suffix));
                }
            }
        }
        foreach (var name in files.Files(directory))
        {
            if (name.EndsWith(WalSegments.TemporarySuffix, StringComparison.Ordinal))
            {
                files.Delete(Path.Combine(directory, name));
            }
        }
    }

    private static void WriteRecords(IAppendFile file, HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata,
        long commit)
    {
        var pending = new ByteWriter(BufferBytes * 2);
        Span<byte> header = stackalloc byte[WalFormat.RecordHeaderBytes];
        WalFormat.WriteFileHeader(header);
        file.Append(header[..WalFormat.FileHeaderBytes]);
        foreach (var record in Records(head, metadata, commit))
        {
            WalFormat.WriteRecordHeader(header, record.Written);
            pending.Bytes(header);
            pending.Bytes(record.Written);
            if (pending.Length >= BufferBytes)
            {
                file.Append(pending.Written);
                pending.Clear();
            }
        }
        file.Append(pending.Written);
    }

    private static (List<HeadChunk> InOrder, List<HeadChunk> Late) ChunksOf(HeadSeries series, long commit)
    {
        using var view = series.View(commit);
        return (view.Chunks(long.MaxValue), ChunkPacker.Pack(view.LateIn(long.MinValue, long.MaxValue)));
    }

    /// <summary>One record after the other, in one buffer that the next record overwrites.</summary>
    private static IEnumerable<ByteWriter> Records(HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata,
        long commit)
    {
        var record = new ByteWriter();
        record.U8(HeadRecord.CheckpointStart);
        record.Varint(head.MinValidMs);
        record.UVarint(head.LastId);
        yield return record;
        foreach (var (family, known) in metadata)
        {
            HeadRecord.WriteMetadata(record, family, known);
            yield return record;
        }
        foreach (var exemplars in head.Exemplars.Snapshot().Chunk(ExemplarsPerRecord))
        {
            record.Clear();
            record.U8(HeadRecord.CheckpointExemplars);
            record.UVarint((ulong)exemplars.Length);
            foreach (var (series, exemplar) in exemplars)
            {
                HeadRecord.WriteLabels(record, series);
                HeadRecord.WriteExemplar(record, exemplar);
            }
            yield return record;
        }
        foreach (var series in head.AllSeries())
        {
            var (chunks, late) = ChunksOf(series, commit);
            if (chunks.Count == 0 && late.Count == 0 && !series.HasDeleted)
            {
                // A series whose first batch came after the commit: that batch's record has its labels. One of which all is
                // deleted may still be named by later records.
                continue;
            }
            record.Clear();
            var isMixed = chunks.Exists(static chunk => chunk.Kind != ChunkKind.Xor);
            record.U8(isMixed ? HeadRecord.CheckpointMixedSeries : HeadRecord.CheckpointSeries);
            record.UVarint(series.Id);
            HeadRecord.WriteLabels(record, series.Labels);
            HeadRecord.WriteChunks(record, chunks, isMixed);
            yield return record;
            if (late.Count > 0)
            {
                record.Clear();
                record.U8(HeadRecord.CheckpointLate);
                record.UVarint(series.Id);
                HeadRecord.WriteChunks(record, late, hasKinds: true);
                yield return record;
            }
        }
        record.Clear();
        record.U8(HeadRecord.CheckpointEnd);
        yield return record;
    }
}
