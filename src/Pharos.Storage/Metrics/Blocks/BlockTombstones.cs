using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The file beside a block that says which of its samples are deleted. Immutable.</summary>
/// <remarks>It says so twice: what was deleted must not come back by one flipped bit.</remarks>
/// <param name="Series">By the series' number in the block.</param>
internal sealed record BlockTombstones(IReadOnlyDictionary<int, TimeRanges> Series)
{
    public const string Suffix = ".tombstones";

    /// <summary>"PHMT".</summary>
    private const uint Magic = 0x544D4850;
    private const uint Version = 2;

    /// <summary>Says it once, and not how long it is.</summary>
    private const uint FirstVersion = 1;
    private const int MinBytes = 12;
    private const int HeaderBytes = 12;
    private const int ChecksumBytes = 4;

    public static string PathFor(string blockPath) => Path.ChangeExtension(blockPath, Suffix);

    /// <summary>What a block's file of deletions says; null where it has none.</summary>
    /// <param name="damage">What is wrong with one of the two copies; null for nothing.</param>
    /// <exception cref="CorruptFileException">Neither copy is as written.</exception>
    public static BlockTombstones? Read(IFileSystem files, string blockPath, out CorruptFileException? damage)
    {
        damage = null;
        var path = PathFor(blockPath);
        if (!files.Exists(path))
        {
            return null;
        }
        using var file = files.OpenRead(path);
        if (file.SizeBytes < MinBytes || file.SizeBytes > Array.MaxLength)
        {
            throw new CorruptFileException(path, 0, $"{file.SizeBytes} bytes");
        }
        var bytes = new byte[file.SizeBytes];
        file.Read(0, bytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(sizeof(uint))) == FirstVersion)
        {
            return ReadCopy(bytes, path, 0);
        }

        // The copies are alike, so each has half of the file, unless its end is cut off.
        var half = bytes.Length / 2;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(2 * sizeof(uint)));
        try
        {
            if (size > bytes.Length)
            {
                throw new CorruptFileException(path, 0, $"a copy of {size} bytes");
            }
            var first = ReadCopy(bytes.AsSpan(0, (int)size), path, 0);
            damage = bytes.AsSpan(0, (int)size).SequenceEqual(bytes.AsSpan((int)size))
                ? null : new CorruptFileException(path, size, "the second copy is not as the first");
            return first;
        }
        catch (CorruptFileException exception)
        {
            damage = exception;
            return ReadCopy(bytes.AsSpan(half), path, half);
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(IFileSystem files, string blockPath)
    {
        var series = new ByteWriter();
        series.UVarint((ulong)Series.Count);
        foreach (var (number, ranges) in Series.OrderBy(static series => series.Key))
        {
            series.UVarint((ulong)number);
            series.UVarint((ulong)ranges.All.Count);
            foreach (var range in ranges.All)
            {
                series.Varint(range.FromMs);
                series.UVarint(unchecked((ulong)(range.ToMs - range.FromMs)));
            }
        }
        var copy = new ByteWriter();
        copy.U32(Magic);
        copy.U32(Version);
        copy.U32((uint)(HeaderBytes + series.Length + ChecksumBytes));
        copy.Bytes(series.Written);
        copy.U32(Crc32C.Of(copy.Written));
        var path = PathFor(blockPath);
        using (var file = files.Create(path + SealedFileKind.TemporarySuffix))
        {
            file.Append(copy.Written);
            file.Append(copy.Written);
            file.Sync();
        }
        files.Rename(path + SealedFileKind.TemporarySuffix, path);
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

    private static BlockTombstones ReadCopy(ReadOnlySpan<byte> copy, string path, long offset)
    {
        if (copy.Length < MinBytes)
        {
            throw new CorruptFileException(path, offset, $"{copy.Length} bytes");
        }
        var contents = copy[..^ChecksumBytes];
        if (Crc32C.Of(contents) != BinaryPrimitives.ReadUInt32LittleEndian(copy[contents.Length..]))
        {
            throw new CorruptFileException(path, offset, "the checksum is wrong");
        }
        var reader = new ByteReader(contents, path, offset);
        var (magic, version) = (reader.U32(), reader.U32());
        if (magic != Magic || version is not (Version or FirstVersion))
        {
            throw reader.Corrupt("magic number or version is not known");
        }
        if (version == Version)
        {
            reader.U32();
        }
        return Parse(ref reader);
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
