using System.Buffers.Binary;
using System.Globalization;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Reads the segments of a block's <c>chunks</c> folder.</summary>
/// <remarks>Not thread-safe. Format: tsdb/docs/format/chunks.md of Prometheus.</remarks>
internal sealed class ChunkFiles(IFileSystem files, string directory) : IDisposable
{
    public const string FolderName = "chunks";
    public const uint Magic = 0x85BD40DD;
    public const byte Version = 1;
    public const int HeaderBytes = 8;
    private const int MaxLengthBytes = 5;
    private const int ChecksumBytes = 4;

    private readonly Dictionary<uint, (IReadFile File, FileWindow Window)> _segments = [];

    /// <summary>Appends a chunk's samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>].</summary>
    public void Read(ulong reference, long minTimeMs, long maxTimeMs, SampleBuffer into)
    {
        var window = Segment((uint)(reference >> 32));
        var offset = (long)(uint)reference;
        var bytes = Chunk(window, offset, out var dataOffset);
        ChunkCodec.Decode((ChunkEncoding)bytes[0], bytes[1..], minTimeMs, maxTimeMs, into, window.Path, dataOffset + 1);
    }

    /// <summary>Encoding, number of samples and size in bytes of a chunk.</summary>
    public (ChunkEncoding Encoding, int Count, int SizeBytes) Describe(ulong reference)
    {
        var bytes = Chunk(Segment((uint)(reference >> 32)), (uint)reference, out _);
        var encoding = (ChunkEncoding)bytes[0];
        return (encoding, ChunkCodec.Count(encoding, bytes[1..]), bytes.Length - 1);
    }

    public void Dispose()
    {
        foreach (var (file, _) in _segments.Values)
        {
            file.Dispose();
        }
    }

    /// <summary>A chunk's encoding and data.</summary>
    private static ReadOnlySpan<byte> Chunk(FileWindow window, long offset, out long dataOffset)
    {
        var head = new ByteReader(window.ReadUpTo(offset, MaxLengthBytes), window.Path, offset);
        var length = head.UVarint();
        dataOffset = offset + head.Position;
        if (length > int.MaxValue - ChecksumBytes - 1)
        {
            throw head.Corrupt($"a chunk of {length} bytes");
        }
        var bytes = window.Read(dataOffset, (int)length + 1 + ChecksumBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[^ChecksumBytes..]) != Crc32C.Of(bytes[..^ChecksumBytes]))
        {
            throw new CorruptFileException(window.Path, dataOffset, "the checksum of the chunk is another");
        }
        return bytes[..^ChecksumBytes];
    }

    private FileWindow Segment(uint index)
    {
        if (_segments.TryGetValue(index, out var segment))
        {
            return segment.Window;
        }
        // The first segment has the number 1 and the index 0.
        var path = Path.Combine(directory, (index + 1).ToString("D6", CultureInfo.InvariantCulture));
        if (!files.Exists(path))
        {
            throw new CorruptFileException(path, 0, "the index refers to this segment, and it is not there");
        }
        var file = files.OpenRead(path);
        var window = new FileWindow(file, path);
        _segments.Add(index, (file, window));
        var header = new ByteReader(window.Read(0, HeaderBytes), path);
        if (header.U32BigEndian() != Magic || header.U8() != Version)
        {
            throw new CorruptFileException(path, 0, "this is no segment of chunks of version 1");
        }
        return window;
    }
}
