using System.Buffers.Binary;
using System.Diagnostics;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Head.Spill;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The bytes of full chunks, one behind the other in segments: in memory until a segment is full, then in a file.</summary>
/// <remarks>Whoever appends and releases does so one at a time; anybody may read meanwhile, and one thread at a time spills. A
/// segment leaves when all of its chunks are released, which they are together, because chunks of one time leave the head
/// together. Its file stays until no checkpoint names it (<see cref="TakeGone"/>).</remarks>
internal sealed class ChunkArena
{
    private const int SegmentBytes = 1024 * 1024;

    /// <summary>The size of the first segment; the next are twice as large, up to the full size.</summary>
    private const int FirstSegmentBytes = 16 * 1024;

    /// <summary>Arrays of spilled segments that are kept for the next.</summary>
    private const int MaxSpare = 2;

    private readonly Lock _lock = new();
    private readonly Lock _spillLock = new();
    private readonly Queue<Segment> _closed = new();
    private readonly Stack<byte[]> _spare = new();
    private List<uint> _gone = [];
    private ChunkFiles? _files;

    /// <summary>Segments by number, from the first that is there on; numbers rise and are never used twice.</summary>
    private volatile Segments _segments = new(0, []);
    private int _nextBytes = FirstSegmentBytes;
    private Segment? _current;
    private uint _lastNumber;
    private int _used;
    private long _sizeBytes;

    /// <summary>What all segments take in memory.</summary>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <summary>Called when a segment is full, by whoever appends.</summary>
    public Action? SegmentClosed { get; set; }

    /// <summary>Lets full segments go to files. Called once, before anything is appended.</summary>
    /// <param name="lastNumber">No file has a higher number.</param>
    public void SpillTo(ChunkFiles files, uint lastNumber)
    {
        _files = files;
        _lastNumber = Math.Max(_lastNumber, lastNumber);
    }

    public ChunkPlace Append(ChunkKind kind, int count, long minTimeMs, long maxTimeMs, ReadOnlySpan<byte> bytes)
    {
        if (_current is null || _used + ChunkFileFormat.ChunkHeaderBytes + bytes.Length > _current.Bytes!.Length)
        {
            CloseCurrent();
            _current = AddSegment(ChunkFileFormat.HeaderBytes + ChunkFileFormat.ChunkHeaderBytes + bytes.Length);
            _used = ChunkFileFormat.WriteHeader(_current.Bytes);
        }
        var room = _current.Bytes.AsSpan(_used);
        BinaryPrimitives.WriteUInt32LittleEndian(room, _files is null ? 0 : Crc32C.Of(bytes));
        bytes.CopyTo(room[ChunkFileFormat.ChunkHeaderBytes..]);
        var place = new ChunkPlace(
            kind, count, minTimeMs, maxTimeMs, _current.Number, _used + ChunkFileFormat.ChunkHeaderBytes, bytes.Length);
        _current.ChunkCount++;
        _used += ChunkFileFormat.ChunkHeaderBytes + bytes.Length;
        return place;
    }

    /// <summary>Copies the bytes of a chunk; false where it was released, and its segment with it, or, once reported, where its bytes
    /// are not what was written.</summary>
    /// <param name="room">At least <see cref="RoomFor"/> the chunk.</param>
    public bool TryCopy(in ChunkPlace place, Span<byte> room, out ReadOnlySpan<byte> bytes)
    {
        room = room[..RoomFor(place)];
        bytes = room[ChunkFileFormat.ChunkHeaderBytes..];
        if (_segments[place.Segment] is not { } segment)
        {
            return false;
        }
        if (segment.Bytes is { } memory)
        {
            memory.AsSpan(place.Offset - ChunkFileFormat.ChunkHeaderBytes, room.Length).CopyTo(room);
            Interlocked.MemoryBarrier();
            if (ReferenceEquals(memory, segment.Bytes))
            {
                return true;
            }
            // Spilled meanwhile: the array may be another segment's already.
        }
        return segment.File is { } file && TryRead(file, place, room);
    }

    /// <summary>Counts and names a chunk that does not unpack.</summary>
    public void ReportDamaged(in ChunkPlace place) => _files?.Damaged(place.Segment, place.Offset);

    public static int RoomFor(in ChunkPlace place) => place.SizeBytes + ChunkFileFormat.ChunkHeaderBytes;

    public void Release(in ChunkPlace place)
    {
        var segment = _segments[place.Segment]!;
        if (--segment.ChunkCount == 0 && segment != _current)
        {
            Remove(segment);
        }
    }

    /// <summary>Takes over a segment whose file a checkpoint names; its chunks come one by one to <see cref="Adopt(in ChunkPlace)"/>.</summary>
    public void AdoptFile(uint number, IReadFile file)
    {
        _lastNumber = Math.Max(_lastNumber, number);
        _segments = _segments.With(number, new Segment(number, null) { File = file });
    }

    /// <summary>Whether a chunk lies in a file that was taken over.</summary>
    public bool Adopt(in ChunkPlace place)
    {
        if (_segments[place.Segment] is not { File: { } file } segment || place.Offset < ChunkFileFormat.HeaderBytes
            || place.Offset > file.SizeBytes - place.SizeBytes)
        {
            return false;
        }
        segment.ChunkCount++;
        return true;
    }

    /// <summary>A copy of a chunk's bytes; null where <see cref="TryCopy"/> has none.</summary>
    public byte[]? Find(in ChunkPlace place) =>
        _segments[place.Segment] is not { File: { } file } || place.Offset <= file.SizeBytes - place.SizeBytes
            ? TryCopy(place, new byte[RoomFor(place)], out var bytes) ? bytes.ToArray() : null : null;

    /// <summary>Removes the segments that were taken over and have no chunks.</summary>
    public void RemoveEmpty()
    {
        foreach (var segment in _segments.All().Where(segment => segment.ChunkCount == 0 && segment != _current).ToArray())
        {
            Remove(segment);
        }
    }

    /// <summary>Ends the segment at hand, so that all chunks up to now can be spilled. Called by whoever appends.</summary>
    public void CloseCurrent()
    {
        if (_current is not { } segment)
        {
            return;
        }
        segment.UsedBytes = _used;
        _nextBytes = Math.Clamp(_used * 2, FirstSegmentBytes, SegmentBytes);
        _current = null;
        if (segment.ChunkCount == 0)
        {
            Remove(segment);
            return;
        }
        if (_files is null)
        {
            return;
        }
        lock (_lock)
        {
            _closed.Enqueue(segment);
        }
        SegmentClosed?.Invoke();
    }

    /// <summary>Writes every full segment to its file and gives its memory back. The names of the files are not durable yet.</summary>
    /// <exception cref="IOException">The disk refuses; what is not written stays in memory.</exception>
    public void Spill()
    {
        lock (_spillLock)
        {
            while (NextClosed() is { } segment)
            {
                var bytes = segment.Bytes!;
                _files!.Write(segment.Number, bytes.AsSpan(0, segment.UsedBytes));
                segment.File = _files.Open(segment.Number);
                lock (_lock)
                {
                    _closed.Dequeue();
                    segment.Bytes = null;
                    if (bytes.Length == SegmentBytes && _spare.Count < MaxSpare)
                    {
                        _spare.Push(bytes);
                    }
                    if (segment.IsRemoved)
                    {
                        LeaveFile(segment);
                        continue;
                    }
                    Interlocked.Add(ref _sizeBytes, -bytes.Length);
                }
            }
        }
    }

    /// <summary>Whether a chunk is in a file.</summary>
    public bool IsSpilled(in ChunkPlace place) => _segments[place.Segment] is { File: not null };

    /// <summary>The number of a segment that somebody else writes to a file.</summary>
    public uint TakeNumber()
    {
        lock (_lock)
        {
            return ++_lastNumber;
        }
    }

    public bool Has(uint number) => _segments[number] is not null;

    /// <summary>The files that no chunk of the head is in any more, since this was asked last; whoever cannot remove them gives them
    /// back.</summary>
    public List<uint> TakeGone()
    {
        lock (_lock)
        {
            var gone = _gone;
            _gone = [];
            return gone;
        }
    }

    public void GiveBackGone(List<uint> gone)
    {
        lock (_lock)
        {
            _gone.AddRange(gone);
        }
    }

    /// <summary>Closes every file.</summary>
    public void CloseFiles()
    {
        foreach (var segment in _segments.All())
        {
            segment.File?.Dispose();
        }
    }

    private bool TryRead(IReadFile file, in ChunkPlace place, Span<byte> room)
    {
        try
        {
            file.Read(place.Offset - ChunkFileFormat.ChunkHeaderBytes, room);
            if (BinaryPrimitives.ReadUInt32LittleEndian(room) == Crc32C.Of(room[ChunkFileFormat.ChunkHeaderBytes..]))
            {
                return true;
            }
            _files!.Damaged(place.Segment, place.Offset);
        }
        catch (IOException exception)
        {
            _files!.Unreadable(place.Segment, exception);
        }
        catch (ObjectDisposedException)
        {
            // Released meanwhile: nobody needs it.
        }
        return false;
    }

    private Segment? NextClosed()
    {
        lock (_lock)
        {
            while (_closed.TryPeek(out var segment))
            {
                if (!segment.IsRemoved)
                {
                    return segment;
                }
                _closed.Dequeue();
            }
            return null;
        }
    }

    private Segment AddSegment(int minBytes)
    {
        var size = Math.Max(minBytes, _nextBytes);
        byte[]? bytes = null;
        uint number;
        lock (_lock)
        {
            if (size == SegmentBytes)
            {
                _spare.TryPop(out bytes);
            }
            number = ++_lastNumber;
        }
        bytes ??= GC.AllocateUninitializedArray<byte>(size);
        Interlocked.Add(ref _sizeBytes, bytes.Length);
        var segment = new Segment(number, bytes);
        _segments = _segments.With(number, segment);
        return segment;
    }

    private void Remove(Segment segment)
    {
        _segments.Remove(segment.Number);
        lock (_lock)
        {
            segment.IsRemoved = true;
            if (segment.File is not null)
            {
                LeaveFile(segment);
            }
            else
            {
                Interlocked.Add(ref _sizeBytes, -segment.Bytes!.Length);
            }
        }
    }

    private void LeaveFile(Segment segment)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        segment.File?.Dispose();
        _gone.Add(segment.Number);
    }

    private sealed class Segment(uint number, byte[]? bytes)
    {
        private volatile byte[]? _bytes = bytes;
        private volatile IReadFile? _file;

        public uint Number { get; } = number;

        /// <summary>Null when it is in a file.</summary>
        public byte[]? Bytes
        {
            get => _bytes;
            set => _bytes = value;
        }

        public IReadFile? File
        {
            get => _file;
            set => _file = value;
        }

        public int UsedBytes { get; set; }

        public int ChunkCount { get; set; }

        public bool IsRemoved { get; set; }
    }

    /// <summary>A table of segments, replaced when it is full; a reader may have the one before.</summary>
    private sealed class Segments(uint firstNumber, Segment?[] table)
    {
        public Segment? this[uint number] => number - firstNumber is var at && at < (uint)table.Length ? Volatile.Read(ref table[at]) : null;

        public IEnumerable<Segment> All() => table.OfType<Segment>();

        public void Remove(uint number) => Volatile.Write(ref table[number - firstNumber], null);

        public Segments With(uint number, Segment segment)
        {
            if (number - firstNumber is var at && at < (uint)table.Length)
            {
                Volatile.Write(ref table[at], segment);
                return this;
            }
            var gone = Array.FindIndex(table, static known => known is not null);
            var kept = gone < 0 ? default : table.AsSpan(gone);
            var oldFirst = firstNumber + (uint)Math.Max(0, gone);
            var first = kept.IsEmpty ? number : Math.Min(number, oldFirst);
            var needed = Math.Max(number - first + 1, kept.IsEmpty ? 0 : oldFirst - first + (uint)kept.Length);
            var grown = new Segment?[Math.Max(8, needed + (needed / 2))];
            kept.CopyTo(grown.AsSpan((int)(oldFirst - first) * (kept.IsEmpty ? 0 : 1)));
            grown[number - first] = segment;
            return new Segments(first, grown);
        }
    }
}
