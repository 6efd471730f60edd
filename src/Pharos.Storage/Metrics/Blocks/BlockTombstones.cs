using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The file beside a block that says which of its samples are deleted. Immutable.</summary>
/// <param name="Series">By the series' number in the block.</param>
internal sealed record BlockTombstones(IReadOnlyDictionary<int, TimeRanges> Series)
{
    public const string Suffix = ".tombstones";

    /// <summary>"PHMT".</summary>
    private const uint Magic = 0x544D4850;
    private const uint Version = 1;
    private const int HeaderBytes = 8;
    private const int ChecksumBytes = 4;

    public static string PathFor(string blockPath) => Path.ChangeExtension(blockPath, Suffix);

    /// <summary>What a block's file of deletions says; null where it has none.</summary>
    /// <exception cref="CorruptFileException">The file is not as written.</exception>
    public static BlockTombstones? Read(IFileSystem files, string blockPath)
    {
        var path = PathFor(blockPath);
        if (!files.Exists(path))
        {
            return null;
        }
        using var file = files.OpenRead(path);
        if (file.SizeBytes < HeaderBytes + ChecksumBytes || file.SizeBytes > Array.MaxLength)
        {
            throw new CorruptFileException(path, 0, $"{file.SizeBytes} bytes");
        }
        var bytes = new byte[file.SizeBytes];
        file.Read(0, bytes);
        var contents = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (Crc32C.Of(contents) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(contents.Length)))
        {
            throw new CorruptFileException(path, 0, "the checksum is wrong");
        }
        var reader = new ByteReader(contents, path);
        if (reader.U32() != Magic || reader.U32() != Version)
        {
            throw reader.Corrupt("magic number or version is not known");
        }
        return Parse(ref reader);
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(IFileSystem files, string blockPath)
    {
        var writer = new ByteWriter();
        writer.U32(Magic);
        writer.U32(Version);
        writer.UVarint((ulong)Series.Count);
        foreach (var (number, ranges) in Series.OrderBy(static series => series.Key))
        {
            writer.UVarint((ulong)number);
            writer.UVarint((ulong)ranges.All.Count);
            foreach (var range in ranges.All)
            {
                writer.Varint(range.FromMs);
                writer.UVarint(unchecked((ulong)(range.ToMs - range.FromMs)));
            }
        }
        writer.U32(Crc32C.Of(writer.Written));
        var path = PathFor(blockPath);
        using (var file = files.Create(path + MetricBlockFormat.TemporarySuffix))
        {
            file.Append(writer.Written);
            file.Sync();
        }
        files.Rename(path + MetricBlockFormat.TemporarySuffix, path);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>These and more.</summary>
    public static BlockTombstones Join(BlockTombstones? known, IReadOnlyDictionary<int, TimeRange> added)
    {
        var all = new Dictionary<int, TimeRanges>(known?.Series ?? new Dictionary<int, TimeRanges>());
        foreach (var (number, range) in added)
        {
            all[number] = all.TryGetValue(number, out var ranges) ? ranges.With(range) : new TimeRanges(range);
        }
        return new BlockTombstones(all);
    }

    private static BlockTombstones Parse(ref ByteReader reader)
    {
        var series = new Dictionary<int, TimeRanges>();
        for (var left = reader.Count(minBytesEach: 4); left > 0; left--)
        {
            var number = (int)reader.UVarint();
            var ranges = new TimeRange[reader.Count(minBytesEach: 2)];
            for (var i = 0; i < ranges.Length; i++)
            {
                var fromMs = reader.Varint();
                ranges[i] = new TimeRange(fromMs, unchecked(fromMs + (long)reader.UVarint()));
            }
            if (ranges.Length > 0)
            {
                series[number] = new TimeRanges(ranges);
            }
        }
        return new BlockTombstones(series);
    }
}
