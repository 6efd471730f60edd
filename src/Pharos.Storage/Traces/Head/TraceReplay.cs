using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Traces.Head;

/// <summary>Fills the head from the log's segments.</summary>
/// <remarks>Runs once, before anybody reads. Damage is stepped over, logged and counted; it never stops the start.</remarks>
internal sealed class TraceReplay(IFileSystem files, string directory, TraceHead head, ILogger logger)
{
    public int CorruptionCount { get; private set; }

    /// <summary>Segments that ended in the middle of a record: what a crash leaves of a write.</summary>
    public int TornTailCount { get; private set; }

    public long NewestNs { get; private set; } = long.MinValue;

    /// <summary>Reads the segments from a number on.</summary>
    public void Run(long firstSegment)
    {
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i] < firstSegment)
            {
                continue;
            }
            if (i > 0 && segments[i - 1] >= firstSegment && segments[i] > segments[i - 1] + 1)
            {
                CorruptionCount++;
                logger.LogError("Trace store: {Path} is missing, and all up to {Next}; what was in them is lost",
                    Path.Combine(directory, WalSegments.SegmentName(segments[i - 1] + 1)), WalSegments.SegmentName(segments[i]));
            }
            Load(Path.Combine(directory, WalSegments.SegmentName(segments[i])));
        }
    }

    private void Load(string path)
    {
        try
        {
            using var reader = new WalRecordReader(files, path);
            while (reader.Next(out var payload))
            {
                Apply(payload, path, reader.PayloadOffset);
            }
            foreach (var (offset, sizeBytes) in reader.Damage)
            {
                CorruptionCount++;
                logger.LogError("Trace store: {Path} is damaged from byte {Offset} on for {Size} bytes; the records there are lost, "
                    + "those behind them are not", path, offset, sizeBytes);
            }
            if (reader.TornAt >= 0)
            {
                NoteTail(reader, path);
            }
        }
        catch (IOException exception)
        {
            CorruptionCount++;
            logger.LogError(exception, "Trace store: segment {Path} cannot be read further", path);
        }
    }

    private void NoteTail(WalRecordReader reader, string path)
    {
        if (reader.IsTailCutOff)
        {
            TornTailCount++;
            logger.LogWarning("Trace store: {Path} ends in the middle of a record at byte {Offset}; it ends with the record before",
                path, reader.TornAt);
            return;
        }
        CorruptionCount++;
        logger.LogError("Trace store: {Path} is damaged from byte {Offset} to its end; the records there are lost", path, reader.TornAt);
    }

    private void Apply(ReadOnlySpan<byte> payload, string path, long offset)
    {
        try
        {
            var record = SpanRecord.Parse(payload.ToArray(), path, offset);
            head.Add(record);
            NewestNs = Math.Max(NewestNs, record.NewestNs);
        }
        catch (CorruptFileException exception)
        {
            // The checksum was right, so this is a writer's fault, or one of another version.
            CorruptionCount++;
            logger.LogError(exception, "Trace store: {Path} has a record at byte {Offset} that makes no sense; it is left out", path, offset);
        }
    }
}
