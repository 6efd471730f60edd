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
    private long _before;
    private long _segment;

    /// <summary>Segments before the one at hand are not there, and it has not said yet that they never were.</summary>
    private bool _hasGap;

    /// <summary>Looks for a gap before a segment that is read now. Segments follow one another without one, but for the segment that a
    /// checkpoint names, which may have got no record, and for numbers that were skipped, which the segment's first record says.</summary>
    /// <param name="before">The segment that was there before, 0 for none.</param>
    /// <param name="from">What lies before this one is in the checkpoint.</param>
    public void Begin(long before, long segment, long from)
    {
        (_before, _segment, _from) = (before, segment, from);
        _hasGap = before == 0
            ? segment > FirstSegment && WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix).Count == 0
            : before >= from && segment > before + 1;
    }

    /// <summary>The segment at hand is read.</summary>
    /// <returns>How many problems were found.</returns>
    public int End()
    {
        if (!_hasGap)
        {
            return 0;
        }
        if (_before == 0)
        {
            logger.LogError("Metric log {Directory} begins with {Path}, and there is no checkpoint; what was before it is lost",
                directory, PathOf(_segment));
        }
        else
        {
            NameMissing(_before + 1, _segment);
        }
        return 1;
    }

    /// <summary>Reads the record that begins the segment at hand.</summary>
    /// <returns>How many problems were found.</returns>
    public int Check(ref ByteReader record)
    {
        var (number, sizeBytes) = ((long)record.UVarint(), (long)record.UVarint());
        _hasGap &= number != _before;
        if (number < _from || number <= 0 || (_hasGap && _before > 0))
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
