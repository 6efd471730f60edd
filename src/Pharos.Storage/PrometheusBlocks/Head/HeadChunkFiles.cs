using System.Globalization;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.PrometheusBlocks.Chunks;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>Reads <c>chunks_head</c>: full chunks of the head, mapped into memory (tsdb/docs/format/head_chunks.md).</summary>
internal static class HeadChunkFiles
{
    public const string FolderName = "chunks_head";
    private const uint Magic = 0x0130BC91;
    private const byte Version = 1;
    private const int FileHeaderBytes = 8;
    private const int ChunkHeaderBytes = 8 + 8 + 8 + 1;
    private const int MaxLengthBytes = 5;
    private const int ChecksumBytes = 4;

    /// <summary>Set on the encoding of a chunk of out-of-order samples.</summary>
    private const byte OutOfOrderFlag = 0x80;

    /// <param name="dropBeforeMs">In-order samples before it are in blocks already.</param>
    public static void Read(IFileSystem files, string dataDirectory, HeadContents head, long dropBeforeMs)
    {
        var directory = Path.Combine(dataDirectory, FolderName);
        foreach (var name in files.Files(directory).Where(static name => int.TryParse(name, NumberStyles.None,
            CultureInfo.InvariantCulture, out _)))
        {
            ReadFile(files, Path.Combine(directory, name), head, dropBeforeMs);
        }
    }

    private static void ReadFile(IFileSystem files, string path, HeadContents head, long dropBeforeMs)
    {
        using var file = files.OpenRead(path);
        if (file.SizeBytes == 0)
        {
            return;
        }
        var window = new FileWindow(file, path);
        var header = new ByteReader(window.Read(0, FileHeaderBytes), path);
        if (header.U32BigEndian() is var magic && magic == 0)
        {
            // Made and not yet begun.
            return;
        }
        if (magic != Magic || header.U8() != Version)
        {
            throw new CorruptFileException(path, 0, "these are no chunks of a head of version 1");
        }
        long offset = FileHeaderBytes;
        while (file.SizeBytes - offset >= ChunkHeaderBytes + 1 + ChecksumBytes)
        {
            var reader = new ByteReader(window.ReadUpTo(offset, ChunkHeaderBytes + MaxLengthBytes), path, offset);
            var series = reader.U64BigEndian();
            var minTimeMs = (long)reader.U64BigEndian();
            var maxTimeMs = (long)reader.U64BigEndian();
            var encoding = reader.U8();
            var length = reader.UVarint();
            if (series == 0 && minTimeMs == 0 && maxTimeMs == 0 && encoding == 0 && length == 0)
            {
                // The file is made with its full size; here the written part ends.
                return;
            }
            var dataAt = reader.Position;
            if (length > int.MaxValue / 2)
            {
                throw reader.Corrupt($"a chunk of {length} bytes");
            }
            var chunk = window.Read(offset, dataAt + (int)length + ChecksumBytes);
            var checksum = new ByteReader(chunk[^ChecksumBytes..], path, offset).U32BigEndian();
            if (checksum != Crc32C.Of(chunk[..^ChecksumBytes]))
            {
                throw new CorruptFileException(path, offset, "the checksum of the chunk is another");
            }
            if (head.SamplesOf(series) is { } samples)
            {
                var inOrder = (encoding & OutOfOrderFlag) == 0;
                ChunkCodec.Decode((ChunkEncoding)(encoding & ~OutOfOrderFlag), chunk[dataAt..^ChecksumBytes],
                    inOrder ? dropBeforeMs : long.MinValue, long.MaxValue, samples, path, offset + dataAt);
            }
            offset += dataAt + (int)length + ChecksumBytes;
        }
    }
}
