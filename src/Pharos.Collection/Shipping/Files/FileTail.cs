using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>Reads one file line by line through a pipeline, and ships what comes out together with how far it is.</summary>
/// <remarks>Not thread-safe: its family drives it.</remarks>
internal sealed class FileTail : IEntryOutput, IDisposable
{
    private const int StartBufferBytes = 256 * 1024;

    /// <summary>A longer line is shipped in pieces: it must fit into memory.</summary>
    private const int MaxBufferBytes = 4 * 1024 * 1024;

    /// <summary>Where no entry goes out, because all are dropped, the position is kept at least this often.</summary>
    private static readonly TimeSpan IdleCommit = TimeSpan.FromSeconds(1);

    private readonly FamilyContext _context;
    private readonly IContent _content;
    private readonly StagePipeline _pipeline;
    private readonly List<ShippedEntry> _out = [];
    private LineCutter _cutter;
    private byte[] _buffer = new byte[StartBufferBytes];
    private byte[] _head;
    private byte[] _tail;
    private long _offset;
    private long _lastTimeNs;
    private long _grewAt;
    private long _committedAt;
    private bool _inLongLine;
    private FileStatus? _endedAs;

    private FileTail(TailRecord record, IContent content, FamilyContext context, byte[] beginning, byte[] tail)
    {
        Record = record with { IsDone = false };
        _context = context;
        _content = content;
        Status = content.Status();
        _offset = record.Offset;
        _cutter = LineCutter.Of(context.Job.Encoding, beginning);
        _head = beginning[..(int)Math.Min(beginning.Length, _offset)];
        _tail = tail;
        _pipeline = context.Pipeline(this);
        _grewAt = _committedAt = context.Ship.Time.GetTimestamp();
        context.Ship.Metrics.FileOpened();
    }

    /// <summary>As it is kept.</summary>
    public TailRecord Record { get; private set; }

    /// <summary>Of the open file, when it was looked at last.</summary>
    public FileStatus Status { get; private set; }

    public bool Is(in FileStatus status) => Status.Device == status.Device && Status.Inode == status.Inode;

    /// <summary>For how long there has been nothing new.</summary>
    public TimeSpan Quiet => _context.Ship.Time.GetElapsedTime(_grewAt);

    /// <summary>Goes on where a record says.</summary>
    /// <returns>Null where the file does not hold what the record has read: it was truncated since that was looked at, and what was read of it
    /// now says nothing of the file that the record is of.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileTail? TryOpen(TailRecord record, IContent content, FamilyContext context)
    {
        var beginning = ContentCheck.Beginning(content);
        var tail = new byte[Math.Min(TailRecord.MaxSampleBytes, record.Offset)];
        ContentCheck.ReadFully(content, tail, record.Offset - tail.Length);
        var held = record.Held.Select(range => (range.Start, Bytes: HeldBytes(content, range))).ToList();

        // Compared last: what was read before it is then of the same file.
        if (!ContentCheck.HoldsAll(content, record))
        {
            return null;
        }
        var opened = new FileTail(record, content, context, beginning, tail);
        foreach (var (start, bytes) in held)
        {
            opened.FeedAgain(start, bytes);
        }
        return opened;
    }

    public byte[] Beginning() => ContentCheck.Beginning(_content);

    public void Dispose()
    {
        _content.Dispose();
        _context.Ship.Metrics.FileClosed();
    }

    /// <summary>Reads a piece and ships its lines.</summary>
    public async ValueTask<TailOutcome> ReadAsync(CancellationToken cancellation)
    {
        Status = _content.Status();
        if (_endedAs == Status)
        {
            return await EndAsync(cancellation).ConfigureAwait(false);
        }
        if (!TryFill(out var length))
        {
            return TailOutcome.Replaced;
        }
        if (length == 0)
        {
            // To unpack it again for nothing would cost as much as to read it.
            _endedAs = Record.Packed == PackedFormat.None ? null : Status;
            return await EndAsync(cancellation).ConfigureAwait(false);
        }
        var (consumed, lines) = Cut(length);
        if (consumed == 0)
        {
            return await EndAsync(cancellation).ConfigureAwait(false);
        }
        Advance(consumed);
        _grewAt = _context.Ship.Time.GetTimestamp();
        _context.Ship.Metrics.Read(_context.Path, lines, consumed);
        await CommitAsync(isDone: false, more: _tail.Length + length == _buffer.Length, cancellation).ConfigureAwait(false);
        await WaitAsync(cancellation).ConfigureAwait(false);
        return TailOutcome.Progress;
    }

    /// <summary>Ships what is left: a last line without its end, and what stages keep back.</summary>
    /// <param name="isDone">Whether the file was read to its end; otherwise its rest may be elsewhere.</param>
    public async ValueTask FinishAsync(bool isDone, CancellationToken cancellation)
    {
        if (isDone && TryFill(out var length) && length > 0)
        {
            // Lines may have come in between: what has an end goes first.
            var (consumed, _) = Cut(length);
            if (length > consumed)
            {
                Emit(_buffer.AsSpan(_tail.Length + consumed, length - consumed), _offset + consumed, _offset + length);
            }
            Advance(length);
        }
        _pipeline.Flush(everything: true);
        await CommitAsync(isDone, more: false, cancellation, always: true).ConfigureAwait(false);
    }

    void IEntryOutput.Take(ShippedEntry entry) => _out.Add(entry);

    private async ValueTask<TailOutcome> EndAsync(CancellationToken cancellation)
    {
        _pipeline.Flush(everything: false);
        await CommitAsync(isDone: false, more: false, cancellation).ConfigureAwait(false);
        return TailOutcome.End;
    }

    /// <summary>Reads what is behind the offset into the buffer, behind the bytes that end there: these must be those that were read before.</summary>
    private bool TryFill(out int length)
    {
        length = 0;
        if (Record.Packed != PackedFormat.None)
        {
            try
            {
                _tail.CopyTo(_buffer, 0);
                length = ContentCheck.ReadFully(_content, _buffer.AsSpan(_tail.Length), _offset);
            }
            catch (InvalidDataException)
            {
                // Not whole yet; looked at again when it has changed.
            }
            return true;
        }
        if (Status.SizeBytes < _offset)
        {
            return false;
        }
        var read = ContentCheck.ReadFully(_content, _buffer, _offset - _tail.Length);
        length = read - _tail.Length;
        return length >= 0 && _buffer.AsSpan(0, _tail.Length).SequenceEqual(_tail);
    }

    /// <summary>Takes whole lines from the buffer.</summary>
    private (int Consumed, int Lines) Cut(int length)
    {
        var consumed = 0;
        if (_offset == 0)
        {
            _cutter = LineCutter.Of(_context.Job.Encoding, _buffer.AsSpan(_tail.Length, length));
            consumed = Math.Min(length, _cutter.MarkBytes);
        }
        var lines = 0;
        while (_cutter.NextEnd(_buffer.AsSpan(_tail.Length + consumed, length - consumed)) is var end and > 0)
        {
            Emit(_buffer.AsSpan(_tail.Length + consumed, end), _offset + consumed, _offset + consumed + end);
            _inLongLine = false;
            consumed += end;
            lines++;
        }
        if (lines == 0 && _tail.Length + length == _buffer.Length)
        {
            if (_buffer.Length < MaxBufferBytes)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
                return Refilled();
            }
            consumed = length - (length % 4);
            Emit(_buffer.AsSpan(_tail.Length, consumed), _offset, _offset + consumed);
            _inLongLine = true;
        }
        return (consumed, lines);
    }

    private (int Consumed, int Lines) Refilled() => TryFill(out var length) && length > 0 ? Cut(length) : (0, 0);

    private void Emit(ReadOnlySpan<byte> raw, long start, long end)
    {
        var limits = _context.Ship.Options.Limits;
        var line = _cutter.ToUtf8(raw);
        if (_inLongLine && limits.MaxLineBytes > 0)
        {
            return;
        }
        if (limits.MaxLineBytes > 0 && line.Length > limits.MaxLineBytes)
        {
            if (!limits.TruncateLines)
            {
                Drop("line_too_long", line.Length);
                return;
            }
            line = line[..(int)limits.MaxLineBytes];
        }
        if (_context.Ship.LineRate is { } rate)
        {
            if (!limits.DropsBeyondRate)
            {
                _pipeline.Context.Wait += rate.Take();
            }
            else if (!rate.TryTake())
            {
                Drop("rate_limited", line.Length);
                return;
            }
        }
        Feed(line, start, end);
    }

    private void Feed(ReadOnlySpan<byte> line, long start, long end)
    {
        _lastTimeNs = Math.Max(_pipeline.Context.NowNs, _lastTimeNs + 1);
        var entry = new ShippedEntry(_context.Labels, _lastTimeNs, line.ToArray());
        entry.Sources.Add(new SourceRange(start, end));
        _pipeline.Process(entry);
    }

    private void Drop(string reason, int bytes)
    {
        var why = new KeyValuePair<string, object?>("reason", reason);
        _context.Ship.Metrics.DroppedEntries.Add(1, why);
        _context.Ship.Metrics.DroppedBytes.Add(bytes, why);
    }

    private static byte[] HeldBytes(IContent content, SourceRange range)
    {
        var bytes = new byte[Math.Min(range.End - range.Start, MaxBufferBytes)];
        return bytes[..ContentCheck.ReadFully(content, bytes, range.Start)];
    }

    /// <summary>Gives lines to the pipeline that it kept back when the position was kept.</summary>
    private void FeedAgain(long start, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var end = _cutter.NextEnd(bytes.AsSpan(at)) is var found and > 0 ? found : bytes.Length - at;
            Feed(_cutter.ToUtf8(bytes.AsSpan(at, end)), start + at, start + at + end);
            at += end;
        }
    }

    private void Advance(int consumed)
    {
        if (_head.Length < TailRecord.MaxSampleBytes)
        {
            _head = [.. _head, .. _buffer.AsSpan(_tail.Length, Math.Min(consumed, TailRecord.MaxSampleBytes - _head.Length))];
        }
        var read = _buffer.AsSpan(0, _tail.Length + consumed);
        _tail = read[^Math.Min(read.Length, TailRecord.MaxSampleBytes)..].ToArray();
        _offset += consumed;
    }

    private async ValueTask CommitAsync(bool isDone, bool more, CancellationToken cancellation, bool always = false)
    {
        var isIdle = _out.Count == 0;
        if (isIdle && !always && (_offset == Record.Offset || _context.Ship.Time.GetElapsedTime(_committedAt) < IdleCommit))
        {
            return;
        }
        var record = Record with
        {
            Offset = _offset,
            Head = ContentSample.Of(_head),
            Tail = ContentSample.Of(_tail),
            Held = _pipeline.Held(),
            IsDone = isDone,
            SeenAtS = _context.NowS,
        };
        await _context.Sink.DeliverAsync(new ShipBatch(_out, [_context.Ledger.Mark(record)], more), cancellation).ConfigureAwait(false);
        _context.Ledger.Put(record);
        Record = record;
        _out.Clear();
        _committedAt = _context.Ship.Time.GetTimestamp();
        _context.Ship.Metrics.FileSize(_context.Path, Status.SizeBytes);
    }

    private async ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (_pipeline.Context.Wait is var wait && wait > TimeSpan.Zero)
        {
            _pipeline.Context.Wait = TimeSpan.Zero;
            await Task.Delay(wait, _context.Ship.Time, cancellation).ConfigureAwait(false);
        }
    }
}
