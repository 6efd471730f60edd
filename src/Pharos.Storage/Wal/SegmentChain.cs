using Microsoft.Extensions.Logging;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Wal;

/// <summary>Finds out, while a log is read, which of its segments are missing or end too early behind a whole record.</summary>
internal sealed class SegmentChain(IFileSystem files, string directory, ILogger logger)
{
    /// <summary>What a new log begins with.</summary>
    private const long FirstSegment = 1;

    private long _from;
    private bool _isGapNamed;

    /// <summary>Looks for a gap before a segment that is read now. Segments follow one another without one, but for the segment that a
    /// checkpoint names, which may have got no record.</summary>
    /// <param name="before">The segment that was there before, 0 for none.</param>
    /// <param name="from">What lies before this one is in the checkpoint.</param>
    /// <returns>How many problems were found.</returns>
    public int Begin(long before, long segment, long from)
    {
        _from = from;
        if (before == 0 && segment > FirstSegment && WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix).Count == 0)
        {
            logger.LogError("Metric log {Directory} begins with {Path}, and there is no checkpoint; what was before it is lost",
                directory, PathOf(segment));
            return 1;
        }
        _isGapNamed = before >= from && before > 0 && segment > before + 1;
        if (_isGapNamed)
        {
            NameMissing(before + 1, segment);
        }
        return _isGapNamed ? 1 : 0;
    }

    /// <summary>Reads the record that begins the segment at hand.</summary>
    /// <returns>How many problems were found.</returns>
    public int Check(ref ByteReader record)
    {
        var (number, sizeBytes) = ((long)record.UVarint(), (long)record.UVarint());
        if (number < _from || number <= 0 || _isGapNamed)
        {
            return 0;
        }
        var path = PathOf(number);
        if (!files.Exists(path))
        {
            NameMissing(number, number + 1);
            return 1;
        }
        var missing = sizeBytes - files.Size(path);
        if (missing <= 0)
        {
            return 0;
        }
        logger.LogError("Metric log: the last {SizeBytes} bytes of {Path} are missing; what was in them is lost", missing, path);
        return 1;
    }

    private void NameMissing(long first, long next) =>
        logger.LogError("Metric log: {Path} is missing, and all up to {Next}; what was in them is lost",
            PathOf(first), WalSegments.SegmentName(next));

    private string PathOf(long segment) => Path.Combine(directory, WalSegments.SegmentName(segment));
}
