namespace Pharos.Storage.Logs.Head;

/// <summary>Some of the newest entries of one stream, in the order in which they came.</summary>
/// <remarks>Written under the head's commit lock: <see cref="Add"/> puts rows behind those that readers see, and <see cref="Publish"/> shows them
/// or <see cref="RollBack"/> takes them away. Arrays are replaced when they are full and never change below <see cref="Count"/>, so
/// readers that take <see cref="Count"/> first need no lock.</remarks>
internal sealed class HeadChunk
{
    /// <summary>A chunk that has this much of lines gets no more, but a longer line gets one of its own.</summary>
    public const int FullBytes = 1024 * 1024;

    /// <summary>Of structured metadata, and of rows, for the same reason: a reader may have to sort them.</summary>
    private const int FullMetadataBytes = 2 * 1024 * 1024;
    private const int FullRows = 64 * 1024;

    /// <summary>Rows of one time that an entry is compared with, and rows among which times are looked for where they are in no order.</summary>
    private const int MaxCompared = 256;
    private const int MaxUnsortedSeen = 1024;

    private byte[] _lines;
    private byte[] _metadata = [];
    private long[] _times;
    private int[] _lineEnds;
    private int[]? _metadataEnds;
    private int _pendingCount;
    private int _count;

    /// <summary>The first row that is older than the one before it.</summary>
    private int _firstUnsorted = int.MaxValue;

    public HeadChunk(int expectedLineBytes)
    {
        _lines = GC.AllocateUninitializedArray<byte>(expectedLineBytes);
        _times = new long[1];
        _lineEnds = new int[1];
    }

    /// <summary>Of the rows that were read last; stays until more rows are read, as part of the head's memory.</summary>
    private volatile ChunkReading? _reading;

    /// <summary>Rows that readers see.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>With those that they do not see yet.</summary>
    public int PendingCount => _pendingCount;

    /// <summary>Of all arrays.</summary>
    public long MemoryBytes => _lines.Length + _metadata.Length + (_times.Length * (long)sizeof(long)) + (_lineEnds.Length * (long)sizeof(int))
        + ((_metadataEnds?.Length ?? 0) * (long)sizeof(int));

    /// <summary>Of all lines, with their newlines.</summary>
    public int PendingLineBytes => _pendingCount == 0 ? 0 : _lineEnds[_pendingCount - 1] + 1;

    private int PendingMetadataBytes => _pendingCount == 0 || _metadataEnds is null ? 0 : _metadataEnds[_pendingCount - 1];

    public bool HasRoom(int lineBytes, int metadataBytes) => _pendingCount == 0 || (_pendingCount < FullRows
        && PendingLineBytes + (long)lineBytes < FullBytes && PendingMetadataBytes + (long)metadataBytes < FullMetadataBytes);

    /// <param name="metadata">As <see cref="HeadMetadata"/> packs it.</param>
    public void Add(long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        var row = _pendingCount;
        var lineStart = PendingLineBytes;
        var metadataStart = PendingMetadataBytes;
        if (row == _times.Length)
        {
            Array.Resize(ref _times, row * 2);
            Array.Resize(ref _lineEnds, row * 2);
        }
        if (lineStart + line.Length + 1 > _lines.Length)
        {
            _lines = Widened(_lines, lineStart, lineStart + line.Length + 1, FullBytes);
        }
        _times[row] = timeNs;
        line.CopyTo(_lines.AsSpan(lineStart));
        _lines[lineStart + line.Length] = (byte)'\n';
        _lineEnds[row] = lineStart + line.Length;
        if (metadata.Length > 0 || _metadataEnds is not null)
        {
            AddMetadata(row, metadataStart, metadata);
        }
        if (row > 0 && timeNs < _times[row - 1] && _firstUnsorted == int.MaxValue)
        {
            _firstUnsorted = row;
        }
        _pendingCount = row + 1;
    }

    public void Publish() => Volatile.Write(ref _count, _pendingCount);

    /// <summary>Takes away what was added since the last <see cref="Publish"/>.</summary>
    public void RollBack()
    {
        _pendingCount = _count;
        if (_firstUnsorted >= _count)
        {
            _firstUnsorted = int.MaxValue;
        }
    }

    /// <summary>Whether a row, seen or not, is the same entry.</summary>
    public bool Equals(int row, long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata) =>
        _times[row] == timeNs && LineOf(row).SequenceEqual(line) && MetadataOf(row).SequenceEqual(metadata);

    /// <summary>Whether one of the last rows, seen or not, is the same entry.</summary>
    public bool Has(long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        if (_firstUnsorted >= _pendingCount)
        {
            var end = EndOf(timeNs);
            for (var row = end - 1; row >= Math.Max(0, end - MaxCompared) && _times[row] == timeNs; row--)
            {
                if (Equals(row, timeNs, line, metadata))
                {
                    return true;
                }
            }
            return false;
        }
        var seen = Math.Max(0, _pendingCount - MaxUnsortedSeen);
        for (var compared = 0; compared < MaxCompared; compared++)
        {
            var hit = _times.AsSpan(seen, _pendingCount - seen).IndexOf(timeNs);
            if (hit < 0)
            {
                return false;
            }
            if (Equals(seen + hit, timeNs, line, metadata))
            {
                return true;
            }
            seen += hit + 1;
        }
        return false;
    }

    public ReadOnlySpan<byte> LineOf(int row) => HeadRows.LineOf(_lines, _lineEnds, row);

    public ReadOnlySpan<byte> MetadataOf(int row) => _metadataEnds is { } ends ? HeadRows.MetadataOf(_metadata, ends, row) : default;

    /// <summary>What readers see now; for any thread.</summary>
    public HeadRows Rows()
    {
        var count = Count;
        return new HeadRows(Volatile.Read(ref _times), Volatile.Read(ref _lines), Volatile.Read(ref _lineEnds), Volatile.Read(ref _metadata),
            Volatile.Read(ref _metadataEnds), count, isSorted: Volatile.Read(ref _firstUnsorted) >= count);
    }

    /// <summary>What readers made of so many rows.</summary>
    public ChunkReading Reading(int count)
    {
        if (_reading is not { } known || known.Count != count)
        {
            _reading = known = new ChunkReading(count);
        }
        return known;
    }

    /// <summary>The row behind the last that is not newer, where rows are in order.</summary>
    private int EndOf(long timeNs)
    {
        var (low, high) = (0, _pendingCount);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = _times[middle] <= timeNs ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    private void AddMetadata(int row, int start, ReadOnlySpan<byte> metadata)
    {
        if (start + metadata.Length > _metadata.Length)
        {
            _metadata = Widened(_metadata, start, start + metadata.Length, FullMetadataBytes);
        }
        metadata.CopyTo(_metadata.AsSpan(start));

        // Without metadata before this row the ends before it are 0, as they are in a new array.
        var ends = _metadataEnds;
        if (ends is null || row == ends.Length)
        {
            Array.Resize(ref ends, Math.Max(_times.Length, row + 1));
        }
        ends[row] = start + metadata.Length;
        _metadataEnds = ends;
    }

    /// <summary>A copy with room for more. What is behind <paramref name="used"/> is left as it comes: large arrays that are wiped, and so have every
    /// page touched, cost more than all else that a line takes.</summary>
    private static byte[] Widened(byte[] array, int used, int needed, int full)
    {
        var wider = GC.AllocateUninitializedArray<byte>(needed > full ? needed : Math.Min(full, Math.Max(needed, array.Length * 2)));
        array.AsSpan(0, used).CopyTo(wider);
        return wider;
    }
}
