using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Logs.Blocks;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>The folder of blocks: opens, names, removes and quarantines them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TraceFolder(
    IFileSystem files, string directory, FrameCodec codec, TraceStoreInstruments instruments, ILogger logger) : IBlockDamage
{
    private long _lastNumber;
    private int _quarantined;

    /// <summary>Blocks and pages found damaged since the start.</summary>
    public int Quarantined => _quarantined;

    public long LastNumber => Volatile.Read(ref _lastNumber);

    /// <summary>Opens the blocks that a manifest names, and removes what is left of writes that did not get further.</summary>
    /// <param name="manifest">Null where it is lost: then every block that is there serves.</param>
    public List<TraceBlock> OpenAll(TraceManifest? manifest)
    {
        var named = manifest?.Blocks.ToHashSet();
        var opened = new List<TraceBlock>();
        _lastNumber = manifest?.LastBlock ?? 0;
        foreach (var name in files.Files(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(TraceBlockFormat.TemporarySuffix, StringComparison.Ordinal))
            {
                Remove(path);
                continue;
            }
            if (!TraceBlockFormat.TryParse(name.Replace(TraceBlockFormat.QuarantineSuffix, "", StringComparison.Ordinal), out var number))
            {
                continue;
            }
            _lastNumber = Math.Max(_lastNumber, number);
            if (!name.EndsWith(TraceBlockFormat.Suffix, StringComparison.Ordinal))
            {
                continue;
            }
            if (named is not null && !named.Remove(number))
            {
                Remove(path);
            }
            else if (TryOpen(path) is { } block)
            {
                opened.Add(block);
            }
        }
        foreach (var missing in named ?? [])
        {
            logger.LogError("Trace store: block {Path} is missing; its spans are lost", PathOf(missing));
        }
        return opened;
    }

    /// <summary>A number that no block ever had.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public TraceBlockWriter Create(long number) => new(files, PathOf(number));

    public TraceBlock Open(long number) => TraceBlock.Open(files, PathOf(number), codec);

    /// <summary>Removes a block's file; views that have it open go on reading. One with damage stays under another name.</summary>
    public void Remove(TraceBlock block)
    {
        if (block.IsDamaged)
        {
            Quarantine(block.FilePath, "some of its pages are damaged; the others were taken over into a new block");
        }
        else
        {
            Remove(block.FilePath);
        }
    }

    public void Remove(long number) => Remove(PathOf(number));

    public void RemoveIfThere(long number)
    {
        if (files.Exists(PathOf(number)))
        {
            Remove(number);
        }
    }

    public void Damaged(TraceBlock block, int page, IOException exception)
    {
        if (!block.NoteDamage(page))
        {
            return;
        }
        Interlocked.Increment(ref _quarantined);
        instruments.Quarantined.Add(1);
        logger.LogError(exception, "Trace store: {What} of {Path} cannot be read ({Spans} spans of {Traces} traces); it is left out, the rest serves",
            page < 0 ? "the index" : $"page {page}", block.FilePath, page < 0 ? block.Meta.Spans : block.Pages[page].Rows,
            page < 0 ? block.Meta.Traces : block.Pages[page].Traces);
    }

    private TraceBlock? TryOpen(string path)
    {
        try
        {
            return TraceBlock.Open(files, path, codec);
        }
        catch (CorruptFileException exception)
        {
            Interlocked.Increment(ref _quarantined);
            instruments.Quarantined.Add(1);
            Quarantine(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Trace store: block {Path} cannot be opened; it is not served", path);
        }
        return null;
    }

    /// <summary>Renames a block's file, so that it is no longer served and whoever wants can look at it.</summary>
    private void Quarantine(string path, string reason)
    {
        var aside = path + TraceBlockFormat.QuarantineSuffix;
        try
        {
            files.Rename(path, aside);
            logger.LogError("Trace store: block {Path} is damaged ({Reason}); it was renamed to {Aside} and is not served. All other blocks are",
                path, reason, aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Trace store: block {Path} is damaged ({Reason}) and cannot be renamed; it is not served", path, reason);
        }
    }

    private void Remove(string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "Trace store: {Path} cannot be removed; the next start tries again", path);
        }
    }

    private string PathOf(long number) => Path.Combine(directory, TraceBlockFormat.FileName(number));
}
