using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Blocks;
using Pharos.Storage.Metrics.Head;
using Pharos.Storage.Metrics.Head.Spill;
using Pharos.Storage.Model;

namespace Pharos.Storage.Metrics.Snapshots;

/// <summary>Writes a copy of a store that opens as a store of its own.</summary>
internal sealed class StoreSnapshot(IFileSystem files, string storeDirectory, MetricStoreInstruments instruments, ILogger logger)
{
    private const int BufferBytes = 1024 * 1024;
    private const int FirstSegment = 1;

    /// <summary>A name as Prometheus gives: the time, and 16 hexadecimal digits of chance.</summary>
    public static string NameAt(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'-", CultureInfo.InvariantCulture)
        + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Copies blocks and their deletions. Whoever calls sees to it that they stay what they are.</summary>
    public void CopyBlocks(string name, IEnumerable<MetricBlock> blocks, CancellationToken cancellation)
    {
        var directory = DirectoryOf(name, "blocks");
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            Copy(block.FilePath, Path.Combine(directory, Path.GetFileName(block.FilePath)));
            if (block.Tombstones is not null)
            {
                var path = BlockTombstones.PathFor(block.FilePath);
                Copy(path, Path.Combine(directory, Path.GetFileName(path)));
            }
        }
        files.SyncDirectory(directory);
    }

    /// <summary>Writes the head as a view sees it.</summary>
    public void WriteHead(string name, HeadBlock head, IReadOnlyDictionary<string, MetricMetadata> metadata, ReadPoint point) =>
        new HeadCheckpoint(files, DirectoryOf(name, "wal")).Write(FirstSegment, head, metadata, point,
            BlockNotes.AllOf(point.View), new CheckpointChunks(
            head.Chunks, new ChunkFiles(files, DirectoryOf(name, "chunks"), instruments, logger), isApart: true), CheckpointForm.Packed);

    private string DirectoryOf(string name, string part)
    {
        var directory = Path.Combine(storeDirectory, "snapshots", name, part);
        files.CreateDirectory(directory);
        return directory;
    }

    private void Copy(string from, string to)
    {
        using var source = files.OpenRead(from);
        using var target = files.Create(to);
        var buffer = new byte[Math.Min(BufferBytes, source.SizeBytes)];
        for (var offset = 0L; offset < source.SizeBytes; offset += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, source.SizeBytes - offset));
            source.Read(offset, part);
            target.Append(part);
        }
        target.Sync();
    }
}
