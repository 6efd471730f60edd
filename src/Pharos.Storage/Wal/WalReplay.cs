using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Storage.Wal;

/// <summary>Goes through the records of a log's segments. Damage is stepped over, logged and counted; it never stops the start.</summary>
/// <param name="store">What the log calls it: "Log store".</param>
internal sealed class WalReplay(string store, IFileSystem files, string directory, ILogger logger)
{
    /// <summary>Takes a record over.</summary>
    /// <exception cref="CorruptFileException">It makes no sense, and nothing of it was taken over.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public delegate void Apply(ReadOnlySpan<byte> payload, string path, long offset);

    public int CorruptionCount { get; private set; }

    /// <summary>Segments that ended in the middle of a record: what a crash leaves of a write.</summary>
    public int TornTailCount { get; private set; }

    /// <summary>Reads the segments from a number on.</summary>
    public void Run(long firstSegment, Apply apply)
    {
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i] < firstSegment)
            {
                continue;
            }
            if (i > 0 && segments[i - 1] >= firstSegment && segments[i] > segments[i - 1] + 1
                && !WalSegments.AreTaken(files, directory, segments[i - 1] + 1, segments[i]))
            {
                CorruptionCount++;
                logger.LogError("{Store}: {Path} is missing, and all up to {Next}; what was in them is lost", store,
                    Path.Combine(directory, WalSegments.SegmentName(segments[i - 1] + 1)), WalSegments.SegmentName(segments[i]));
            }
            Load(Path.Combine(directory, WalSegments.SegmentName(segments[i])), apply);
        }
    }

    private void Load(string path, Apply apply)
    {
        try
        {
            using var reader = new WalRecordReader(files, path);
            while (reader.Next(out var payload))
            {
                TryApply(payload, path, reader.PayloadOffset, apply);
            }
            foreach (var (offset, sizeBytes) in reader.Damage)
            {
                CorruptionCount++;
                logger.LogError("{Store}: {Path} is damaged from byte {Offset} on for {Size} bytes; the records there are lost, "
                    + "those behind them are not", store, path, offset, sizeBytes);
            }
            if (reader.TornAt >= 0)
            {
                NoteTail(reader, path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CorruptionCount++;
            logger.LogError(exception, "{Store}: segment {Path} cannot be read further", store, path);
        }
    }

    private void TryApply(ReadOnlySpan<byte> payload, string path, long offset, Apply apply)
    {
        try
        {
            apply(payload, path, offset);
        }
        catch (Exception exception) when (exception is CorruptFileException or ArgumentException)
        {
            // The checksum was right, so this is a writer's fault, or one of another version.
            CorruptionCount++;
            logger.LogError(exception, "{Store}: {Path} has a record at byte {Offset} that makes no sense; it is left out", store, path, offset);
        }
    }

    private void NoteTail(WalRecordReader reader, string path)
    {
        if (reader.IsTailCutOff)
        {
            TornTailCount++;
            logger.LogWarning("{Store}: {Path} ends in the middle of a record at byte {Offset}; it ends with the record before",
                store, path, reader.TornAt);
            return;
        }
        CorruptionCount++;
        logger.LogError("{Store}: {Path} is damaged from byte {Offset} to its end; the records there are lost", store, path, reader.TornAt);
    }
}
