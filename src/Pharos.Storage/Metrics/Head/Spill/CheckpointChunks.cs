using Pharos.Storage.Encoding;
using Pharos.Storage.Metrics.Head.Memory;

namespace Pharos.Storage.Metrics.Head.Spill;

/// <summary>The chunk files of a checkpoint's own: chunks that are not full yet, and those that other files do not have as the
/// checkpoint needs them.</summary>
/// <param name="arena">The chunks of the head.</param>
/// <param name="files">Where the files go.</param>
/// <param name="isApart">The folder is another than the head's: the checkpoint has all chunks in files of its own.</param>
internal sealed class CheckpointChunks(ChunkArena arena, ChunkFiles files, bool isApart)
{
    private const int FileBytes = 1024 * 1024;

    private readonly ByteWriter _pending = new(16 * 1024);
    private readonly List<uint> _numbers = [];
    private uint _number;

    /// <summary>The files that were written.</summary>
    public IReadOnlyList<uint> Numbers => _numbers;

    public long SizeBytes { get; private set; }

    /// <summary>Whether the checkpoint that names them has got its name.</summary>
    public bool AreNamed { get; set; }

    /// <summary>Whether a chunk is in a file that the checkpoint can name.</summary>
    public bool Has(in ChunkPlace place) => !isApart && arena.IsSpilled(place);

    public ChunkPlace Add(ChunkKind kind, int count, long minTimeMs, long maxTimeMs, ReadOnlySpan<byte> bytes)
    {
        if (_pending.Length > ChunkFileFormat.HeaderBytes
            && _pending.Length + ChunkFileFormat.ChunkHeaderBytes + bytes.Length > FileBytes)
        {
            WriteFile();
        }
        if (_pending.Length == 0)
        {
            _number = isApart ? (uint)_numbers.Count + 1 : arena.TakeNumber();
            _pending.Advance(ChunkFileFormat.WriteHeader(_pending.Reserve(ChunkFileFormat.HeaderBytes)));
        }
        _pending.U32(Crc32C.Of(bytes));
        var place = new ChunkPlace(kind, count, minTimeMs, maxTimeMs, _number, _pending.Length, bytes.Length);
        _pending.Bytes(bytes);
        return place;
    }

    public ChunkPlace Add(HeadChunk chunk) => Add(chunk.Kind, chunk.Count, chunk.MinTimeMs, chunk.MaxTimeMs, chunk.Bytes);

    /// <summary>Makes everything durable, the names of the head's files too.</summary>
    public void Finish()
    {
        if (_pending.Length > 0)
        {
            WriteFile();
        }
        files.SyncNames();
    }

    /// <summary>Removes what was written for a checkpoint that failed.</summary>
    public void Discard()
    {
        _numbers.ForEach(files.Remove);
        _numbers.Clear();
    }

    private void WriteFile()
    {
        files.Write(_number, _pending.Written);
        _numbers.Add(_number);
        SizeBytes += _pending.Length;
        _pending.Clear();
    }
}
