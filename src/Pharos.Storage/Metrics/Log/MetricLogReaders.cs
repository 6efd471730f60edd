using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Metrics.Log;

/// <summary>Who follows the log, and which segments that keeps.</summary>
/// <remarks>Thread-safe: one lock, a leaf in the lock order.</remarks>
internal sealed class MetricLogReaders
{
    /// <summary>Readers keep at most so many segments that the store itself no longer needs: 4 GiB at 64 MiB each.</summary>
    public const int MaxKeptSegments = 64;

    private readonly Lock _lock = new();
    private readonly List<MetricLogReader> _open = [];

    /// <summary>Where readers were closed that nobody opened again; grows with reloads of the configuration only.</summary>
    private readonly List<long> _closed = [];
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly WalWriter _wal;
    private readonly HeadBlock _head;
    private long _removedBefore;

    public MetricLogReaders(IFileSystem files, string directory, WalWriter wal, HeadBlock head)
    {
        _files = files;
        _directory = directory;
        _wal = wal;
        _head = head;

        // Without a segment, what came before the checkpoint is gone.
        var segments = WalSegments.Numbers(files, directory, WalSegments.SegmentSuffix);
        var checkpoints = WalSegments.Numbers(files, directory, WalSegments.CheckpointSuffix);
        _removedBefore = checkpoints.Count == 0 ? 0 : segments.Count > 0 ? Math.Min(segments[0], checkpoints[^1]) : checkpoints[^1];
    }

    /// <summary>Segments with a lower number are gone.</summary>
    public long RemovedBefore
    {
        get
        {
            lock (_lock)
            {
                return _removedBefore;
            }
        }
    }

    public MetricLogReader Open(MetricLogPosition? from)
    {
        lock (_lock)
        {
            var (segment, sizeBytes) = _wal.Committed;
            var end = sizeBytes == long.MaxValue ? new MetricLogPosition(segment + 1, 0) : new MetricLogPosition(segment, sizeBytes);
            var isOurs = from is { } wanted && wanted.Segment <= end.Segment;
            var reader = new MetricLogReader(this, _files, _directory, _wal, _head, isOurs ? from!.Value : end);
            _open.Add(reader);

            // Most likely the one that was closed there goes on.
            _closed.Remove(reader.Segment);
            return reader;
        }
    }

    public void Close(MetricLogReader reader)
    {
        lock (_lock)
        {
            if (_open.Remove(reader))
            {
                _closed.Add(reader.Segment);
            }
        }
    }

    /// <summary>From which segment on to keep when a checkpoint stands for all before a number. What lies before is as good as
    /// gone from now on.</summary>
    /// <param name="isClosing">The store closes: whoever followed the log has closed its reader, and will open one there again.</param>
    public long KeepFrom(long checkpointNumber, bool isClosing = false)
    {
        lock (_lock)
        {
            var needed = _open.Select(static reader => reader.Segment).Concat(isClosing ? _closed : [])
                .DefaultIfEmpty(checkpointNumber).Min();
            _removedBefore = Math.Max(_removedBefore,
                Math.Min(checkpointNumber, Math.Max(needed, checkpointNumber - MaxKeptSegments)));
            return _removedBefore;
        }
    }
}
