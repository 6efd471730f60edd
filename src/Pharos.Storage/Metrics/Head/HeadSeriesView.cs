using System.Buffers;
using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Metrics.Head.Memory;
using Pharos.Storage.Metrics.Head.Spill;

namespace Pharos.Storage.Metrics.Head;

/// <summary>A series of the head as a commit sees it.</summary>
/// <remarks>A copy of what changes, so it stays valid after the lock of the series' page is released; the bytes of full chunks and late
/// samples never change. Disposing gives the copy back.</remarks>
internal readonly ref struct HeadSeriesView
{
    private static readonly int PlaceBytes = Marshal.SizeOf<ChunkPlace>();

    private readonly ChunkArena _chunks;
    private readonly byte[]? _copy;
    private readonly ReadOnlySpan<ChunkPlace> _full;
    private readonly ReadOnlySpan<byte> _open;
    private readonly ChunkKind _openKind;
    private readonly int _openCount;
    private readonly long _openMinMs;
    private readonly long _openMaxMs;
    private readonly long _visibleCount;
    private readonly ulong? _newestBits;
    private readonly ReadOnlySpan<(SeriesSample Sample, long Commit)> _late;
    private readonly TimeRanges? _deleted;

    /// <summary>The caller holds the page's lock.</summary>
    public HeadSeriesView(SampleMemory memory, SeriesPage page, int index, long commit)
    {
        ref readonly var state = ref page.States[index];
        _chunks = memory.Chunks;
        var full = memory.FullOf(state);
        _openCount = state.OpenCount;
        _openMinMs = state.OpenMinMs;
        _openMaxMs = state.LastMs;
        _visibleCount = VisibleCount(memory, page, index, commit);
        _newestBits = page.HiddenFrom(state, index, commit) == 0 ? state.LastBits : null;
        var fullBytes = full.Length * PlaceBytes;
        var parts = page.PartsOf(index);
        var openBytes = _openCount == 0 || parts?.Mixed is not null ? 0 : OpenCell.SizeBytes(state);
        _copy = fullBytes + openBytes == 0 ? null : ArrayPool<byte>.Shared.Rent(fullBytes + openBytes);
        MemoryMarshal.AsBytes(full).CopyTo(_copy);
        _full = MemoryMarshal.Cast<byte, ChunkPlace>(_copy.AsSpan(0, fullBytes));
        if (openBytes > 0)
        {
            _openKind = state.OpenKind;
            OpenCell.CopyTo(state, memory.Cells, _copy.AsSpan(fullBytes, openBytes));
            _open = _copy.AsSpan(fullBytes, openBytes);
        }
        else if (parts?.Mixed is { } mixed)
        {
            // Bits once written never change, and neither does the array that they are in.
            _openKind = ChunkKind.Mixed;
            _open = mixed.Buffer.AsSpan(0, mixed.SizeBytes);
        }
        _late = parts?.Late?.At(commit) ?? LateSamples.None;
        _deleted = parts?.Deleted;
    }

    public void Dispose()
    {
        if (_copy is not null)
        {
            ArrayPool<byte>.Shared.Return(_copy);
        }
    }

    /// <summary>How many of the samples in order a commit can see, from the oldest on. The caller holds the page's lock.</summary>
    public static long VisibleCount(SampleMemory memory, SeriesPage page, int index, long commit)
    {
        ref readonly var state = ref page.States[index];
        long count = state.OpenCount;
        foreach (ref readonly var chunk in memory.FullOf(state))
        {
            count += chunk.Count;
        }
        return count - page.HiddenFrom(state, index, commit);
    }

    /// <summary>The bits of the newest number in order that the commit sees; of a histogram those of its sum.</summary>
    public ulong NewestBits()
    {
        if (_newestBits is { } known)
        {
            return known;
        }
        // Of the chunk that it is in, and of no other: most are in files, and a checkpoint asks this of every series.
        var samples = new SampleBuffer();
        var left = _visibleCount;
        foreach (ref readonly var chunk in _full)
        {
            if (left <= chunk.Count)
            {
                ReadFull(chunk, (int)left, long.MinValue, long.MaxValue, samples);
                left = 0;
                break;
            }
            left -= chunk.Count;
        }
        if (left > 0 && _openCount > 0)
        {
            ChunkReader.ReadRange(_openKind, _open, (int)Math.Min(_openCount, left), long.MinValue, long.MaxValue, samples);
        }
        return samples.Count == 0 ? 0 : BitConverter.DoubleToUInt64Bits(samples.Values[^1]);
    }

    /// <summary>Appends the samples in the range (both ends inclusive).</summary>
    /// <param name="inOrderFromMs">Before this time only samples that came late are wanted; all others are sealed.</param>
    public void Read(long inOrderFromMs, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var start = into.Count;
        foreach (var (sample, _) in _late)
        {
            if (sample.TimestampMs >= minTimeMs && sample.TimestampMs <= maxTimeMs)
            {
                into.Add(sample.TimestampMs, sample.Value, sample.Histogram, sample.StartTimeMs);
            }
        }
        var hasLate = into.Count > start;
        if (maxTimeMs >= inOrderFromMs)
        {
            var inOrder = into.Count;
            ReadInOrder(Math.Max(minTimeMs, inOrderFromMs), maxTimeMs, into);

            // Deleted samples that came late are gone; those that are here came after the deletion.
            _deleted?.Apply(into, inOrder);
        }
        if (hasLate)
        {
            SampleOrder.Restore(into, start);
        }
    }

    /// <summary>Every chunk of samples in order that begins before a time, without what is deleted.</summary>
    public List<HeadChunk> Chunks(long beforeMs)
    {
        var chunks = AllChunks(beforeMs);
        if (_deleted is not { } deleted || !chunks.Exists(chunk => deleted.Overlaps(chunk.MinTimeMs, chunk.MaxTimeMs)))
        {
            return chunks;
        }
        return [.. chunks.SelectMany(chunk =>
            deleted.Overlaps(chunk.MinTimeMs, chunk.MaxTimeMs) ? chunk.Without(deleted) : [chunk])];
    }

    /// <summary>Lists the places of every chunk that the commit sees, without what is deleted, the oldest first; what no file of the
    /// head has goes into <paramref name="own"/>.</summary>
    /// <param name="isPacked">The open chunk is to take few bytes, which is more work.</param>
    public void ListChunks(CheckpointChunks own, bool isPacked, List<(ChunkPlace Place, bool IsOpen)> into)
    {
        var left = _visibleCount;
        foreach (ref readonly var place in _full)
        {
            if (left <= 0)
            {
                return;
            }
            if (left >= place.Count && own.Has(place) && _deleted?.Overlaps(place.MinTimeMs, place.MaxTimeMs) != true)
            {
                into.Add((place, false));
            }
            else if (_chunks.TryCopy(place, new byte[ChunkArena.RoomFor(place)], out var bytes))
            {
                AddOwn(place.Kind, bytes, place.Count, (int)Math.Min(left, place.Count), place.MinTimeMs, place.MaxTimeMs, false, own, into);
            }
            left -= place.Count;
        }
        if (left > 0 && _openCount > 0)
        {
            var before = into.Count;
            AddOwn(_openKind, _open, _openCount, (int)Math.Min(left, _openCount), _openMinMs, _openMaxMs, isPacked, own, into);
            if (into.Count > before)
            {
                into[^1] = (into[^1].Place, into[^1].Place.Kind == ChunkKind.Mixed);
            }
        }
    }

    /// <summary>As <see cref="ListChunks"/>, with chunks as long as a window allows, all of them in <paramref name="own"/>.</summary>
    public void ListMerged(CheckpointChunks own, long windowMs, List<(ChunkPlace Place, bool IsOpen)> into)
    {
        var samples = new SampleBuffer((int)Math.Min(_visibleCount, int.MaxValue));
        ReadInOrder(long.MinValue, long.MaxValue, samples);
        _deleted?.Apply(samples, 0);
        for (var from = 0; from < samples.Count;)
        {
            var endMs = TimeWindow.End(samples.Timestamps[from], windowMs);
            var to = samples.Timestamps[from..].BinarySearch(endMs);
            to = from + (to < 0 ? ~to : to);
            foreach (var chunk in ChunkPacker.Pack(samples, from, to))
            {
                into.Add((own.Add(chunk), false));
            }
            from = to;
        }
        if (into.Count > 0 && into[^1].Place.Kind == ChunkKind.Mixed)
        {
            into[^1] = (into[^1].Place, true);
        }
    }

    /// <summary>The samples that came late in a range (both ends inclusive), sorted, without what is deleted.</summary>
    public SampleBuffer LateIn(long minTimeMs, long maxTimeMs)
    {
        var samples = new SampleBuffer(_late.Length);
        Read(long.MaxValue, minTimeMs, Math.Min(maxTimeMs, long.MaxValue - 1), samples);
        return samples;
    }

    private void ReadInOrder(long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var left = _visibleCount;
        foreach (ref readonly var chunk in _full)
        {
            var count = (int)Math.Min(chunk.Count, left);
            if (count > 0 && chunk.MinTimeMs <= maxTimeMs && chunk.MaxTimeMs >= minTimeMs)
            {
                ReadFull(chunk, count, minTimeMs, maxTimeMs, into);
            }
            left -= count;
        }
        if (left > 0 && _openCount > 0 && _openMinMs <= maxTimeMs)
        {
            ChunkReader.ReadRange(_openKind, _open, (int)Math.Min(_openCount, left), minTimeMs, maxTimeMs, into);
        }
    }

    private void AddOwn(ChunkKind kind, ReadOnlySpan<byte> bytes, int count, int visible, long minMs, long maxMs, bool isPacked,
        CheckpointChunks own, List<(ChunkPlace Place, bool IsOpen)> into)
    {
        var isDeleted = _deleted?.Overlaps(minMs, maxMs) == true;
        if (visible == count && !isDeleted && !(isPacked && kind != ChunkKind.Mixed))
        {
            into.Add((own.Add(kind, count, minMs, maxMs, bytes), false));
            return;
        }
        var samples = new SampleBuffer(count);
        ChunkReader.ReadRange(kind, bytes, visible, long.MinValue, long.MaxValue, samples);
        if (isDeleted)
        {
            _deleted!.Apply(samples, 0);
        }
        foreach (var chunk in ChunkPacker.Pack(samples))
        {
            into.Add((own.Add(chunk), false));
        }
    }

    private void ReadFull(in ChunkPlace chunk, int count, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var rented = ArrayPool<byte>.Shared.Rent(ChunkArena.RoomFor(chunk));
        if (_chunks.TryCopy(chunk, rented, out var bytes))
        {
            var start = into.Count;
            try
            {
                ChunkReader.ReadRange(chunk.Kind, bytes, count, minTimeMs, maxTimeMs, into);
            }
            catch (CorruptFileException)
            {
                // The checksum was right, so a writer was wrong; for a reader it is damage like any other.
                into.Truncate(start);
                _chunks.ReportDamaged(chunk);
            }
        }
        ArrayPool<byte>.Shared.Return(rented);
    }

    private List<HeadChunk> AllChunks(long beforeMs)
    {
        var chunks = new List<HeadChunk>();
        var left = _visibleCount;
        foreach (ref readonly var place in _full)
        {
            if (left <= 0)
            {
                return chunks;
            }
            if (place.MinTimeMs < beforeMs && _chunks.TryCopy(place, new byte[ChunkArena.RoomFor(place)], out var bytes))
            {
                var chunk = new HeadChunk(place.Kind, bytes.ToArray(), place.Count, place.MinTimeMs, place.MaxTimeMs);
                chunks.Add(left >= chunk.Count ? chunk : chunk.Cut((int)left));
            }
            left -= place.Count;
        }
        if (left > 0 && _openCount > 0 && _openMinMs < beforeMs)
        {
            var open = new HeadChunk(_openKind, _open.ToArray(), _openCount, _openMinMs, _openMaxMs);
            chunks.Add(open.Cut((int)Math.Min(left, _openCount)));
        }
        return chunks;
    }
}
