using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Head.Memory;

/// <summary>The bytes of full chunks, one behind the other in large arrays.</summary>
/// <remarks>Whoever appends and releases does so one at a time; anybody may read meanwhile. Bytes never change: an array is left to
/// the collector when all of its chunks are released, which they are together, because chunks of one time leave the head
/// together.</remarks>
internal sealed class ChunkArena
{
    private const int SegmentBytes = 1024 * 1024;

    /// <summary>The size of the first segment; the next are twice as large, up to the full size.</summary>
    private const int FirstSegmentBytes = 16 * 1024;

    /// <summary>Segments by number, from the first that is left on; numbers rise and are never used twice.</summary>
    private volatile Segments _segments = new(0, []);
    private int _nextBytes = FirstSegmentBytes;
    private byte[] _current = [];
    private uint _lastNumber;
    private int _used;

    /// <summary>What all segments take.</summary>
    public long SizeBytes { get; private set; }

    public ChunkPlace Append(ChunkKind kind, int count, long minTimeMs, long maxTimeMs, ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _current.Length)
        {
            AddSegment(bytes.Length);
        }
        bytes.CopyTo(_current.AsSpan(_used));
        var place = new ChunkPlace(kind, count, minTimeMs, maxTimeMs, _lastNumber, _used, bytes.Length);
        _segments[_lastNumber]!.ChunkCount++;
        _used += bytes.Length;
        return place;
    }

    /// <summary>The bytes of a chunk; empty where it was released, and its segment with it.</summary>
    public ReadOnlySpan<byte> Read(in ChunkPlace place) =>
        _segments[place.Segment] is { } segment ? segment.Bytes.AsSpan(place.Offset, place.SizeBytes) : default;

    public void Release(in ChunkPlace place)
    {
        var segment = _segments[place.Segment]!;
        if (--segment.ChunkCount == 0 && place.Segment != _lastNumber)
        {
            Remove(place.Segment, segment);
        }
    }

    private void AddSegment(int minBytes)
    {
        var last = _lastNumber;
        _current = GC.AllocateUninitializedArray<byte>(Math.Max(minBytes, _nextBytes));
        _nextBytes = Math.Min(SegmentBytes, _nextBytes * 2);
        _used = 0;
        SizeBytes += _current.Length;
        _segments = _segments.With(++_lastNumber, new Segment(_current));
        if (last > 0 && _segments[last] is { ChunkCount: 0 } empty)
        {
            Remove(last, empty);
        }
    }

    private void Remove(uint number, Segment segment)
    {
        SizeBytes -= segment.Bytes.Length;
        _segments.Remove(number);
    }

    private sealed class Segment(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int ChunkCount { get; set; }
    }

    /// <summary>A table of segments, replaced when it is full; a reader may have the one before.</summary>
    private sealed class Segments(uint firstNumber, Segment?[] table)
    {
        public Segment? this[uint number] => number - firstNumber is var at && at < (uint)table.Length ? Volatile.Read(ref table[at]) : null;

        public void Remove(uint number) => Volatile.Write(ref table[number - firstNumber], null);

        public Segments With(uint number, Segment segment)
        {
            if (number - firstNumber is var at && at < (uint)table.Length)
            {
                Volatile.Write(ref table[at], segment);
                return this;
            }
            var gone = Array.FindIndex(table, static known => known is not null);
            gone = gone < 0 ? table.Length : gone;
            var kept = table.AsSpan(gone);
            var grown = new Segment?[Math.Max(8, kept.Length * 2)];
            kept.CopyTo(grown);
            var first = table.Length == 0 ? number : firstNumber + (uint)gone;
            grown[number - first] = segment;
            return new Segments(first, grown);
        }
    }
}
