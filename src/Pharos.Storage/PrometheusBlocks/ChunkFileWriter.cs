using System.Globalization;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Writes the segments of a block's <c>chunks</c> folder.</summary>
internal sealed class ChunkFileWriter : IDisposable
{
    /// <summary>What Prometheus cuts at; offsets have 32 bits.</summary>
    private const long MaxSegmentBytes = 512 * 1024 * 1024;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ByteWriter _buffer = new(64 * 1024);
    private IAppendFile? _file;
    private uint _segments;

    public ChunkFileWriter(IFileSystem files, string directory)
    {
        _files = files;
        _directory = directory;
        files.CreateDirectory(directory);
    }

    public BlockChunkRef Write(PrometheusChunk chunk)
    {
        if (_file is null || _file.SizeBytes + chunk.Bytes.Length > MaxSegmentBytes)
        {
            NextSegment();
        }
        var offset = (ulong)_file!.SizeBytes;
        _buffer.Clear();
        _buffer.UVarint((ulong)chunk.Bytes.Length);
        var checkedFrom = _buffer.Length;
        _buffer.U8((byte)chunk.Encoding);
        _buffer.Bytes(chunk.Bytes.Span);
        _buffer.U32BigEndian(Crc32C.Of(_buffer.Written[checkedFrom..]));
        _file.Append(_buffer.Written);
        return new BlockChunkRef(chunk.MinTimeMs, chunk.MaxTimeMs, ((ulong)(_segments - 1) << 32) | offset);
    }

    public void Sync() => _file?.Sync();

    public void Dispose() => _file?.Dispose();

    private void NextSegment()
    {
        _file?.Sync();
        _file?.Dispose();
        _segments++;
        _file = _files.Create(Path.Combine(_directory, _segments.ToString("D6", CultureInfo.InvariantCulture)));
        _buffer.Clear();
        _buffer.U32BigEndian(ChunkFiles.Magic);
        _buffer.U8(ChunkFiles.Version);
        _buffer.Bytes([0, 0, 0]);
        _file.Append(_buffer.Written);
    }
}
