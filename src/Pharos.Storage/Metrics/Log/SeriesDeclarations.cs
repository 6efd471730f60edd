using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Model;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Log;

/// <summary>Finds out which series the log's numbers stand for.</summary>
internal sealed class SeriesDeclarations(IFileSystem files, string directory)
{
    /// <summary>Adds every series that is declared up to the end of a segment, in the checkpoint that the segment builds on and
    /// in the segments since.</summary>
    public void Read(long segment, Dictionary<ulong, LabelSet> into)
    {
        var checkpoint = WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix)
            .LastOrDefault(number => number <= segment);
        if (checkpoint > 0)
        {
            ReadFile(Path.Combine(directory, WalSegments.CheckpointName(checkpoint)), into);
        }
        foreach (var number in WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix))
        {
            if (number >= checkpoint && number <= segment)
            {
                ReadFile(Path.Combine(directory, WalSegments.SegmentName(number)), into);
            }
        }
    }

    private void ReadFile(string path, Dictionary<ulong, LabelSet> into)
    {
        using var reader = new WalRecordReader(files, path);
        while (reader.Next(out var payload))
        {
            var from = new ByteReader(payload, path, reader.PayloadOffset);
            try
            {
                ReadRecord(ref from, into);
            }
            catch (CorruptFileException)
            {
                // The start of the store has said so.
            }
        }
    }

    private static void ReadRecord(ref ByteReader from, Dictionary<ulong, LabelSet> into)
    {
        switch (from.U8())
        {
            case var batch when HeadRecord.IsBatch(batch):
                HeadRecord.ReadSeries(ref from, into);
                break;
            case HeadRecord.CheckpointSeries:
            case HeadRecord.CheckpointMixedSeries:
                into[from.UVarint()] = HeadRecord.ReadLabels(ref from);
                break;
            case HeadRecord.CheckpointGroup:
                var group = CheckpointGroup.Read(ref from);
                for (var i = 0; i < group.Ids.Length; i++)
                {
                    into[group.Ids[i]] = group.LabelsOf(i);
                }
                break;
            default:
                break;
        }
    }
}
