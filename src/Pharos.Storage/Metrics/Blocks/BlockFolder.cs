using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Metrics.Deletion;
using Pharos.Storage.Model;
using Pharos.Storage.Sealed;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The folder of block files: opens, names, removes and quarantines them.</summary>
/// <remarks>Opening and naming belong to whoever runs maintenance, one at a time; reports of damage may come from any reader.</remarks>
internal sealed class BlockFolder(IFileSystem files, string directory, MetricStoreInstruments instruments, ILogger logger)
    : IBlockDamage
{
    /// <summary>Each damaged place is reported once; beyond this many only the counter tells.</summary>
    private const int MaxReported = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(long Block, long Offset)> _reported = [];
    private readonly List<string> _setAside = [];
    private readonly List<string> _missing = [];
    private long _lastNumber;

    /// <summary>Files that are not served, for what is in them, since the start.</summary>
    public IReadOnlyList<string> SetAside
    {
        get
        {
            lock (_lock)
            {
                return [.. _setAside];
            }
        }
    }

    /// <summary>Files that somebody took away before the start.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            lock (_lock)
            {
                return [.. _missing];
            }
        }
    }

    /// <summary>Opens every block, finishes merges that a crash interrupted, and sets aside what is corrupt.</summary>
    public IReadOnlyList<MetricBlock> OpenAll()
    {
        var blocks = new List<MetricBlock>();
        foreach (var name in files.Files(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(SealedFileKind.TemporarySuffix, StringComparison.Ordinal))
            {
                files.Delete(path);
            }
            else if (name.EndsWith(BlockTombstones.Suffix, StringComparison.Ordinal))
            {
                if (!files.Exists(Path.ChangeExtension(path, MetricBlockFormat.Kind.Suffix)))
                {
                    files.Delete(path);
                }
            }
            else if (MetricBlockFormat.Kind.TryParse(name.Replace(SealedFileKind.QuarantineSuffix, "", StringComparison.Ordinal),
                out var number))
            {
                _lastNumber = Math.Max(_lastNumber, number);
                if (name.EndsWith(MetricBlockFormat.Kind.Suffix, StringComparison.Ordinal) && TryOpen(path) is { } block)
                {
                    blocks.Add(block);
                }
            }
        }
        var replaced = blocks.SelectMany(static block => block.Meta.Sources).ToHashSet();
        foreach (var source in blocks.Where(block => replaced.Contains(block.Meta.Number)).ToArray())
        {
            blocks.Remove(source);
            source.Release();
            Remove(source);
        }
        return blocks;
    }

    /// <summary>Names the blocks that are missing of those that the log says were there.</summary>
    /// <param name="opened">Those that serve.</param>
    /// <param name="keptFromMs">What ends before would have been removed by now.</param>
    /// <returns>Those whose files are there, and could not be opened.</returns>
    public IReadOnlyList<NotedBlock> FindMissing(IReadOnlyList<NotedBlock> noted, IReadOnlyList<MetricBlock> opened, long keptFromMs)
    {
        // A merge is noted after its block is there: without the sources' files the log may still name them.
        var known = opened.SelectMany(static block => block.Meta.Sources.Append(block.Meta.Number)).ToHashSet();
        var unopened = new List<NotedBlock>();
        foreach (var block in noted.Where(block => !known.Contains(block.Number)))
        {
            _lastNumber = Math.Max(_lastNumber, block.Number);
            var path = PathOf(block.Number);
            if (files.Exists(path))
            {
                unopened.Add(block);
            }
            else if (!files.Exists(path + SealedFileKind.QuarantineSuffix) && block.MaxTimeMs > keptFromMs)
            {
                instruments.MissingBlocks.Add(1);
                _missing.Add(path);
                logger.LogError("Metric block {Path} is missing: somebody else removed it, and its samples of [{Start}, {End}) ms with it. "
                    + "All other blocks serve; put back before a start, it does, too", path, block.MinTimeMs, block.MaxTimeMs);
            }
        }
        return unopened;
    }

    /// <summary>Deletes samples of a block, durably: by the numbers of their series.</summary>
    public void Delete(MetricBlock block, IReadOnlyDictionary<int, TimeRange> ranges)
    {
        var tombstones = BlockTombstones.Join(block.Tombstones, ranges);
        tombstones.Write(files, block.FilePath);
        block.Tombstones = tombstones;
    }

    /// <summary>Deletes the matching samples of a range (both ends inclusive) from blocks.</summary>
    public void Delete(IEnumerable<MetricBlock> blocks, IReadOnlyList<LabelMatcher> matchers, long minTimeMs, long maxTimeMs,
        CancellationToken cancellation)
    {
        foreach (var block in blocks.Where(block => block.Meta.Overlaps(minTimeMs, maxTimeMs)))
        {
            var ranges = block.Select(matchers, minTimeMs, maxTimeMs, cancellation).ToDictionary(
                static series => series.Number, series => new TimeRange(
                    Math.Max(minTimeMs, series.Chunks[0].MinTimeMs), Math.Min(maxTimeMs, series.Chunks[^1].MaxTimeMs)));
            if (ranges.Count > 0)
            {
                Delete(block, ranges);
            }
        }
    }

    public MetricBlock Open(MetricBlockMeta meta) => MetricBlock.Open(files, PathOf(meta.Number), this);

    /// <summary>A number that no block here ever had, and a writer for its file.</summary>
    public (long Number, MetricBlockWriter Writer) Create()
    {
        var number = ++_lastNumber;
        return (number, new MetricBlockWriter(files, PathOf(number)));
    }

    /// <summary>Removes a block's file; views that have it open go on reading.</summary>
    public void Remove(MetricBlock block)
    {
        try
        {
            files.Delete(block.FilePath);

            // Last: without it what is deleted would come back with the block.
            if (block.Tombstones is not null)
            {
                files.Delete(BlockTombstones.PathFor(block.FilePath));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "Metric block {Path} cannot be removed; the next start tries again", block.FilePath);
        }
    }

    /// <summary>Removes a block that no new view has.</summary>
    /// <param name="keepDamaged">Whether one that was damaged stays aside: its whole chunks were merged.</param>
    public void Retire(MetricBlock block, bool keepDamaged)
    {
        if (keepDamaged && HasDamage(block))
        {
            Quarantine(block.FilePath, "damaged chunks; its whole ones are merged into another block");
        }
        else
        {
            Remove(block);
        }
        block.Release();
    }

    /// <summary>Renames a block's file, so that it is no longer served and whoever wants can look at it.</summary>
    public void Quarantine(string path, string reason)
    {
        var aside = path + SealedFileKind.QuarantineSuffix;
        lock (_lock)
        {
            _setAside.Add(path);
        }
        try
        {
            files.Rename(path, aside);
            logger.LogError("Metric block {Path} is not served ({Reason}); it was renamed to {Aside}. "
                + "All other blocks are served", path, reason, aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Metric block {Path} is not served ({Reason}), and cannot be renamed", path, reason);
        }
    }

    private bool HasDamage(MetricBlock block)
    {
        lock (_lock)
        {
            return _reported.Any(place => place.Block == block.Meta.Number);
        }
    }

    public void ChunkDamaged(MetricBlock block, long offset)
    {
        instruments.DamagedChunks.Add(1);
        if (IsNews(block, offset))
        {
            logger.LogError("Metric block {Path}: the chunk at byte {Offset} is damaged (wrong checksum); its samples are left out, "
                + "the rest of the block serves", block.FilePath, offset);
        }
    }

    public void Unreadable(MetricBlock block, IOException exception)
    {
        instruments.DamagedChunks.Add(1);
        if (IsNews(block, -1))
        {
            logger.LogError(exception, "Metric block {Path} cannot be read; its samples are left out", block.FilePath);
        }
    }

    private bool IsNews(MetricBlock block, long offset)
    {
        lock (_lock)
        {
            return _reported.Count < MaxReported && _reported.Add((block.Meta.Number, offset));
        }
    }

    private MetricBlock? TryOpen(string path)
    {
        try
        {
            var block = MetricBlock.Open(files, path, this);
            if (Path.GetFileName(path) != MetricBlockFormat.Kind.FileName(block.Meta.Number))
            {
                // A copy would serve its samples twice, and those that are deleted again.
                block.Release();
                throw new CorruptFileException(path, 0, $"it holds block {block.Meta.Number}: a copy under another name");
            }
            block.Tombstones = ReadTombstones(path);
            return block;
        }
        catch (CorruptFileException exception)
        {
            instruments.QuarantinedBlocks.Add(1);
            Quarantine(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Metric block {Path} cannot be opened; it is not served", path);
        }
        return null;
    }

    private BlockTombstones? ReadTombstones(string blockPath)
    {
        try
        {
            var tombstones = BlockTombstones.Read(files, blockPath, out var damage);
            if (damage is not null)
            {
                instruments.DamagedDeletions.Add(1);
                logger.LogError(damage, "Metric block {Path}: one copy of its deletions is damaged, the other serves; it is written anew", blockPath);
                WriteAnew(tombstones!, blockPath);
            }
            return tombstones;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            instruments.DamagedDeletions.Add(1);
            logger.LogError(exception, "Metric block {Path}: its file of deletions cannot be read; what was deleted is served again",
                blockPath);
            return null;
        }
    }

    private void WriteAnew(BlockTombstones tombstones, string blockPath)
    {
        try
        {
            tombstones.Write(files, blockPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "Metric block {Path}: its deletions cannot be written; the next start tries again", blockPath);
        }
    }

    private string PathOf(long number) => Path.Combine(directory, MetricBlockFormat.Kind.FileName(number));
}
