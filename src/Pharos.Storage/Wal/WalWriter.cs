using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Wal;

/// <summary>Appends records to the newest segment and starts another when it is full.</summary>
/// <remarks>Thread-safe: one lock for the segment at hand, held while it is written; below the head's commit lock in the
/// lock order. A record that cannot be written leaves no trace: the segment is cut back, and until the disk does that
/// nothing else is written.</remarks>
internal sealed class WalWriter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Lock _syncLock = new();
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly FsyncPolicy _policy;
    private readonly long _segmentBytes;
    private byte[] _frame = new byte[4096];
    private readonly ByteWriter _link = new(32);

    /// <summary>The segment whose file was made, but could not be begun: it may be begun again.</summary>
    private long _begun;
    private long _lastSkipped;
    private IAppendFile? _segment;
    private long _emptyBytes = WalFormat.FileHeaderBytes;
    private (long Segment, long SizeBytes) _previous;
    private bool _isDirty;

    /// <summary>Bounds the names that are looked at for one segment.</summary>
    private const int MaxSkipped = 1_000;

    /// <summary>What a failed write may have left at the end of the newest segment, and the disk would not take back yet.</summary>
    private (string Path, long SizeBytes)? _toCut;

    /// <summary>Of the newest segment; the largest number where it is one of an earlier process.</summary>
    private long _committedBytes = long.MaxValue;

    /// <param name="firstNumber">Above every segment that is there: a new writer never adds to an old segment.</param>
    /// <param name="earlierBytes">Of older segments that no checkpoint stands for.</param>
    public WalWriter(IFileSystem files, string directory, FsyncPolicy policy, long segmentBytes, long firstNumber, long earlierBytes = 0)
    {
        BytesSinceRotation = earlierBytes;
        _files = files;
        _directory = directory;
        _policy = policy;
        _segmentBytes = segmentBytes;
        SegmentNumber = firstNumber - 1;
    }

    /// <summary>Hears of names that are taken.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The type of the record that begins each segment and names the one before with its size: two numbers behind the type.
    /// Nothing else tells that a segment ends too early behind a whole record, or that a number was skipped. 0 for no such records.</summary>
    public byte LinkRecord { get; init; }

    /// <summary>The segment that is named next, and its size; 0 and 0 where there is none.</summary>
    public (long Segment, long SizeBytes) Previous
    {
        get => _previous;
        init => _previous = value;
    }

    /// <summary>The newest segment; its file is made with its first record.</summary>
    public long SegmentNumber { get; private set; }

    /// <summary>Bytes of log that no checkpoint stands for: <see cref="Rotate"/> begins to count anew.</summary>
    public long BytesSinceRotation { get; private set; }

    /// <summary>How far the newest segment has whole records that were appended with success.</summary>
    public (long Segment, long SizeBytes) Committed
    {
        get
        {
            lock (_lock)
            {
                return (SegmentNumber, _committedBytes);
            }
        }
    }

    /// <summary>Adds one record, durable as the policy says.</summary>
    /// <exception cref="IOException">The record is not in the log, now or after a restart; only where the disk refuses to take it back,
    /// and the process ends before it does, the next start may find it.</exception>
    public void Append(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > WalFormat.MaxPayloadBytes)
        {
            throw new IOException($"a record of {payload.Length} bytes is longer than a log record may be");
        }
        lock (_lock)
        {
            AppendFrames(Frame(payload));
        }
    }

    /// <summary>Adds the records of a group, durable as the policy says, all of them or none.</summary>
    /// <exception cref="IOException">As <see cref="Append(ReadOnlySpan{byte})"/> throws it.</exception>
    public void Append(WalGroup group)
    {
        lock (_lock)
        {
            AppendFrames(group.Frames);
        }
    }

    /// <summary>Forces to the disk what was appended; does not hold up appenders while the disk works.</summary>
    public void Sync()
    {
        lock (_syncLock)
        {
            IAppendFile? segment;
            long sizeBytes;
            lock (_lock)
            {
                segment = _isDirty ? _segment : null;
                sizeBytes = segment?.SizeBytes ?? 0;
            }
            if (segment is null)
            {
                return;
            }
            try
            {
                segment.Sync();
            }
            catch (ObjectDisposedException)
            {
                // An appender filled the segment meanwhile, and synced it before it closed it: it still was dirty.
                return;
            }
            lock (_lock)
            {
                // Clean only now, and only if nothing was added while the disk worked.
                if (ReferenceEquals(segment, _segment) && segment.SizeBytes == sizeBytes)
                {
                    _isDirty = false;
                }
            }
        }
    }

    /// <summary>Ends the segment at hand: later records go to the segment whose number is answered.</summary>
    public long Rotate()
    {
        lock (_syncLock)
        {
            lock (_lock)
            {
                CloseSegment();
                BytesSinceRotation = 0;
                return SegmentNumber + 1;
            }
        }
    }

    public void Dispose()
    {
        lock (_syncLock)
        {
            lock (_lock)
            {
                CloseSegment();
                CutBack();
            }
        }
    }

    private void AppendFrames(ReadOnlySpan<byte> frames)
    {
        var segment = OpenSegment(frames.Length);
        var start = segment.SizeBytes;
        try
        {
            segment.Append(frames);
            _isDirty = true;
            if (_policy == FsyncPolicy.EachCommit)
            {
                segment.Sync();
                _isDirty = false;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TakeBack(segment, start);
            throw exception as IOException ?? new IOException(exception.Message, exception);
        }
        _committedBytes = segment.SizeBytes;
        BytesSinceRotation += frames.Length;
    }

    private IAppendFile OpenSegment(int frameBytes)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        if (_segment is { } open && open.SizeBytes > _emptyBytes && open.SizeBytes + frameBytes > _segmentBytes)
        {
            CloseSegment();
        }
        if (_segment is not null)
        {
            return _segment;
        }
        CutBack();
        var number = SegmentNumber + 1;
        IAppendFile? segment = null;
        try
        {
            number = FreeNumber(number);
            segment = _files.Create(PathOf(number));
            _begun = number;
            Span<byte> header = stackalloc byte[WalFormat.FileHeaderBytes];
            WalFormat.WriteFileHeader(header);
            segment.Append(header);
            AppendLink(segment, hasSkipped: number > SegmentNumber + 1);
            if (_policy != FsyncPolicy.None)
            {
                _files.SyncDirectory(_directory);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            segment?.Dispose();
            throw exception as IOException ?? new IOException(exception.Message, exception);
        }
        SegmentNumber = number;
        _committedBytes = _emptyBytes = segment.SizeBytes;
        return _segment = segment;
    }

    /// <summary>The first number from one on whose name nobody has taken: what is not ours is not written to, and cannot be.</summary>
    private long FreeNumber(long first)
    {
        var number = first;
        for (; number != _begun && number < first + MaxSkipped && _files.IsTaken(PathOf(number)); number++)
        {
            if (number > _lastSkipped)
            {
                _lastSkipped = number;
                Logger.LogWarning("{Path} is not of this log and has the name of its next segment; the log goes on under the next name", PathOf(number));
            }
        }
        return number;
    }

    private void AppendLink(IAppendFile segment, bool hasSkipped)
    {
        // The very first has none before it, which is worth saying where it is not called the first.
        if (LinkRecord == 0 || (_previous.Segment == 0 && !(hasSkipped && SegmentNumber == 0)))
        {
            return;
        }
        _link.Clear();
        _link.U8(LinkRecord);
        _link.UVarint((ulong)_previous.Segment);
        _link.UVarint((ulong)_previous.SizeBytes);
        Span<byte> header = stackalloc byte[WalFormat.RecordHeaderBytes];
        WalFormat.WriteRecordHeader(header, _link.Written);
        segment.Append(header);
        segment.Append(_link.Written);
    }

    /// <summary>A failed write may have left half a record, a failed sync a whole one of which nobody may hear.</summary>
    private void TakeBack(IAppendFile segment, long start)
    {
        try
        {
            segment.Truncate(start);
            segment.Sync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _toCut = (PathOf(SegmentNumber), start);
        }

        // What a disk does after a failed write or sync is anyone's guess: go on in a fresh file.
        _segment = null;
        _previous = (SegmentNumber, start);
        _isDirty = false;
        segment.Dispose();
    }

    /// <summary>Takes back what could not be taken back when it failed: before that a record of which somebody heard that it failed
    /// would come back with those that follow.</summary>
    private void CutBack()
    {
        if (_toCut is not { } cut)
        {
            return;
        }
        try
        {
            if (_files.Exists(cut.Path))
            {
                _files.Truncate(cut.Path, cut.SizeBytes);
            }
            _toCut = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the log takes no more before the end of {cut.Path} can be cut off: {exception.Message}", exception);
        }
    }

    private string PathOf(long segment) => Path.Combine(_directory, WalSegments.SegmentName(segment));

    private void CloseSegment()
    {
        if (_segment is not { } segment)
        {
            return;
        }
        _segment = null;
        _previous = (SegmentNumber, segment.SizeBytes);
        try
        {
            if (_isDirty)
            {
                segment.Sync();
            }
        }
        finally
        {
            _isDirty = false;
            segment.Dispose();
        }
    }

    private ReadOnlySpan<byte> Frame(ReadOnlySpan<byte> payload)
    {
        var size = WalFormat.RecordHeaderBytes + payload.Length;
        if (_frame.Length < size)
        {
            _frame = new byte[size * 2L > int.MaxValue ? size : size * 2];
        }
        payload.CopyTo(_frame.AsSpan(WalFormat.RecordHeaderBytes));
        WalFormat.WriteRecordHeader(_frame, payload);
        return _frame.AsSpan(0, size);
    }
}
