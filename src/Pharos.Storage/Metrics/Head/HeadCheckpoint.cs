using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Head;

/// <summary>Writes the head as it was at a commit into one file, which then stands for all segments before a number.</summary>
/// <remarks>Written beside its name, synced and renamed: after a crash the file is whole or not there.</remarks>
internal sealed class HeadCheckpoint(IFileSystem files, string directory)
{
    private const int BufferBytes = 256 * 1024;
    private const int ExemplarsPerRecord = 1000;

    /// <param name="blocks">All that there are at this commit.</param>
    /// <param name="chunks">Takes the chunks that no file has yet.</param>
    /// <returns>What was written, chunks included.</returns>
    public long Write(long segmentNumber, HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata, ReadPoint point,
        IReadOnlyList<NotedBlock> blocks, CheckpointChunks chunks, CheckpointForm form)
    {
        var path = Path.Combine(directory, WalSegments.CheckpointName(segmentNumber));
        var temporary = path + WalSegments.TemporarySuffix;
        using (var file = files.Create(temporary))
        {
            WriteRecords(file, Records(head, metadata, point, blocks, chunks, form));
            file.Sync();
            chunks.Finish();
        }
        files.Rename(temporary, path);

        // From here on the checkpoint may be what the next start finds, even if what follows fails.
        chunks.AreNamed = true;
        files.SyncDirectory(directory);
        return files.Size(path) + chunks.SizeBytes;
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
                    files.Delete(Path.Combine(directory, NumberedName.Of(number, suffix)));
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

    private static void WriteRecords(IAppendFile file, IEnumerable<ByteWriter> records)
    {
        var pending = new ByteWriter(BufferBytes * 2);
        Span<byte> header = stackalloc byte[WalFormat.RecordHeaderBytes];
        WalFormat.WriteFileHeader(header);
        file.Append(header[..WalFormat.FileHeaderBytes]);
        foreach (var record in records)
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

    /// <summary>One record after the other, in one buffer that the next record overwrites.</summary>
    private static IEnumerable<ByteWriter> Records(HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata,
        ReadPoint point, IReadOnlyList<NotedBlock> blocks, CheckpointChunks chunks, CheckpointForm form)
    {
        var record = new ByteWriter();
        record.U8(HeadRecord.CheckpointStart);

        // Not what the head takes: that may be a window which is about to be sealed, or could not be.
        record.Varint(point.View.HeadFromMs);
        record.UVarint(head.LastId);
        record.U8((byte)form);
        yield return record;
        HeadRecord.WriteBlocks(record, blocks);
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
        var group = new CheckpointGroupWriter(head.Index);
        var places = new List<(ChunkPlace Place, bool IsOpen)>();
        var late = new List<(ulong Id, List<HeadChunk> Chunks)>();
        foreach (var series in head.AllSeries())
        {
            places.Clear();
            if (ListChunks(series, head, point.Commit, chunks, form, places, out var newestBits) is { Count: > 0 } ofLate)
            {
                late.Add((series.Id, ofLate));
            }
            else if (places.Count == 0 && !series.HasDeleted)
            {
                // A series whose first batch came after the commit: that batch's record has its labels. One of which all is
                // deleted may still be named by later records.
                continue;
            }
            group.Add(series.Id, series.Pairs, newestBits, CollectionsMarshal.AsSpan(places));
            if (group.IsFull)
            {
                group.WriteRecord(record);
                yield return record;
                foreach (var _ in WriteLate(late, record))
                {
                    yield return record;
                }
            }
        }
        if (!group.IsEmpty)
        {
            group.WriteRecord(record);
            yield return record;
        }
        foreach (var _ in WriteLate(late, record))
        {
            yield return record;
        }
        record.Clear();
        record.U8(HeadRecord.CheckpointEnd);
        yield return record;
    }

    /// <summary>Lists the chunks of samples in order, and answers those of samples that came late.</summary>
    private static List<HeadChunk> ListChunks(HeadSeries series, HeadBlock head, long commit, CheckpointChunks chunks, CheckpointForm form,
        List<(ChunkPlace Place, bool IsOpen)> into, out ulong newestBits)
    {
        using var view = series.View(commit);
        newestBits = view.NewestBits();
        if (form == CheckpointForm.Merged)
        {
            view.ListMerged(chunks, head.WindowMs, into);
        }
        else
        {
            view.ListChunks(chunks, form == CheckpointForm.Packed, into);
        }
        return ChunkPacker.Pack(view.LateIn(long.MinValue, long.MaxValue));
    }

    private static IEnumerable<bool> WriteLate(List<(ulong Id, List<HeadChunk> Chunks)> late, ByteWriter record)
    {
        foreach (var (id, chunks) in late)
        {
            record.Clear();
            record.U8(HeadRecord.CheckpointLate);
            record.UVarint(id);
            HeadRecord.WriteChunks(record, chunks, hasKinds: true);
            yield return true;
        }
        late.Clear();
    }
}
