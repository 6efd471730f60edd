namespace Pharos.Storage.Logs.Head;

/// <summary>The entries of one stream in one head.</summary>
/// <remarks>Written under the store's commit lock; readers take <see cref="Chunks"/>, and of each what it shows.</remarks>
internal sealed class HeadStream(LogHead head, LogStream stream, int number)
{
    /// <summary>Of the object itself with its index entries, beside the arrays; measured over 100,000 streams.</summary>
    public const int OverheadBytes = 400;

    private const int FirstBytes = 256;

    /// <summary>A stream that sent much to the head before goes on so, mostly: its first chunk need not be copied to grow.</summary>
    private readonly int _firstBytes = (int)Math.Clamp(stream.Newest?.LineBytes ?? 0, FirstBytes, HeadChunk.FullBytes);

    private HeadChunk[] _chunks = [];
    private int _pendingChunks;
    private int _chunkCount;
    private (HeadChunk Chunk, int Row)? _newest;
    private (HeadChunk Chunk, int Row)? _pendingNewest;
    private long _pendingNewestNs = SealedNewestNs(stream);

    public LogHead Head => head;

    public LogStream Stream => stream;

    /// <summary>In its head, from 0.</summary>
    public int Number => number;

    /// <summary>The log has its labels: records may call it by its number.</summary>
    public bool IsNamed { get; set; }

    /// <summary>Some entries are not published yet.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Readers see it.</summary>
    public bool IsPublished { get; private set; }

    public ReadOnlySpan<HeadChunk> Chunks
    {
        get
        {
            var count = Volatile.Read(ref _chunkCount);
            return Volatile.Read(ref _chunks).AsSpan(0, count);
        }
    }

    /// <summary>The stream's newest entry, the last of those with its time, where it is here and published.</summary>
    public (HeadChunk Chunk, int Row)? Newest => _newest;

    /// <summary>About as many as its lines have.</summary>
    private long LineBytes => _pendingChunks == 0 ? 0 : ((_pendingChunks - 1L) * HeadChunk.FullBytes) + _chunks[_pendingChunks - 1].PendingLineBytes;

    /// <summary>Whether an entry equals the newest, published or not, or one of those that came last: what is pushed again because its answer was
    /// lost is stored once.</summary>
    public bool Has(long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        if (timeNs > _pendingNewestNs)
        {
            return false;
        }
        var isNewest = _pendingNewest is { } newest ? timeNs == _pendingNewestNs && newest.Chunk.Equals(newest.Row, timeNs, line, metadata)
            : stream.IsSealedNewest(timeNs, head.Metadata, line, metadata);
        return isNewest || (_pendingChunks > 0 && _chunks[_pendingChunks - 1].Has(timeNs, line, metadata));
    }

    /// <returns>How many bytes of memory it took.</returns>
    public long Add(long timeNs, ReadOnlySpan<byte> line, ReadOnlySpan<byte> metadata)
    {
        var before = 0L;
        if (_pendingChunks == 0 || !_chunks[_pendingChunks - 1].HasRoom(line.Length, metadata.Length))
        {
            if (_pendingChunks == _chunks.Length)
            {
                Array.Resize(ref _chunks, Math.Max(1, _pendingChunks * 2));
            }
            var expectedBytes = _pendingChunks == 0 ? _firstBytes : HeadChunk.FullBytes / 8;
            _chunks[_pendingChunks++] = new HeadChunk(Math.Max(expectedBytes, line.Length + 1));
        }
        else
        {
            before = _chunks[_pendingChunks - 1].MemoryBytes;
        }
        var chunk = _chunks[_pendingChunks - 1];
        chunk.Add(timeNs, line, metadata);
        if (timeNs >= _pendingNewestNs)
        {
            _pendingNewestNs = timeNs;
            _pendingNewest = (chunk, chunk.PendingCount - 1);
        }
        return chunk.MemoryBytes - before;
    }

    public void Publish()
    {
        for (var i = Math.Max(0, _chunkCount - 1); i < _pendingChunks; i++)
        {
            _chunks[i].Publish();
        }
        Volatile.Write(ref _chunkCount, _pendingChunks);
        _newest = _pendingNewest;
        IsPublished = true;
        IsTouched = false;
    }

    public void RollBack()
    {
        if (_chunkCount > 0)
        {
            _chunks[_chunkCount - 1].RollBack();
        }
        _chunks.AsSpan(_chunkCount, _pendingChunks - _chunkCount).Clear();
        _pendingChunks = _chunkCount;
        _pendingNewest = _newest;
        _pendingNewestNs = _newest is { } newest ? newest.Chunk.Rows().TimeNs(newest.Row) : SealedNewestNs(stream);
        IsTouched = false;
    }

    private static long SealedNewestNs(LogStream stream) => stream.SealedNewest?.TimeNs ?? long.MinValue;
}
