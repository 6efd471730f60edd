using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>The folder of parts: opens, names, removes and quarantines them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogFolder(
    IFileSystem files, string directory, FrameCodec codec, StreamTable streams, LogStoreInstruments instruments, ILogger logger) : IPartDamage
{
    private long _lastNumber;
    private int _quarantined;

    /// <summary>Parts and blocks found damaged since the start.</summary>
    public int Quarantined => _quarantined;

    public long LastNumber => Volatile.Read(ref _lastNumber);

    /// <summary>Opens the parts that a manifest names, and removes what is left of writes that did not get further.</summary>
    /// <param name="manifest">Null where it is lost: then every part that is there serves.</param>
    public List<LogPart> OpenAll(LogManifest? manifest)
    {
        var named = manifest?.Parts.ToHashSet();
        var opened = new List<LogPart>();
        _lastNumber = manifest?.LastPart ?? 0;
        foreach (var name in files.Files(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(LogPartFormat.TemporarySuffix, StringComparison.Ordinal))
            {
                Remove(path);
                continue;
            }
            if (!LogPartFormat.TryParse(name.Replace(LogPartFormat.QuarantineSuffix, "", StringComparison.Ordinal), out var number))
            {
                continue;
            }
            _lastNumber = Math.Max(_lastNumber, number);
            if (!name.EndsWith(LogPartFormat.Suffix, StringComparison.Ordinal))
            {
                continue;
            }
            if (named is not null && !named.Remove(number))
            {
                Remove(path);
            }
            else if (TryOpen(path) is { } part)
            {
                opened.Add(part);
            }
        }
        foreach (var missing in named ?? [])
        {
            logger.LogError("Log store: part {Path} is missing; its entries are lost", PathOf(missing));
        }
        return opened;
    }

    /// <summary>A number that no part ever had.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public LogPartWriter Create(long number) => new(files, PathOf(number));

    public LogPart Open(long number) => LogPart.Open(files, PathOf(number), codec, streams);

    /// <summary>Removes a part's file; views that have it open go on reading. One with damage stays under another name.</summary>
    public void Remove(LogPart part)
    {
        if (part.IsDamaged)
        {
            Quarantine(part.FilePath, "some of its blocks are damaged; the others were taken over into a new part");
        }
        else
        {
            Remove(part.FilePath);
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

    public void BlockDamaged(LogPart part, int block, IOException exception)
    {
        if (!part.NoteDamage(block))
        {
            return;
        }
        Interlocked.Increment(ref _quarantined);
        instruments.Quarantined.Add(1);
        logger.LogError(exception, "Log store: block {Block} of {Path} cannot be read ({Entries} entries of {Streams} streams); it is left out, "
            + "the rest serves", block, part.FilePath, part.Blocks[block].Rows, part.Blocks[block].LastStream - part.Blocks[block].FirstStream + 1);
    }

    public void PartDamaged(LogPart part, IOException exception)
    {
        if (!part.NoteDamage(-1))
        {
            return;
        }
        Interlocked.Increment(ref _quarantined);
        instruments.Quarantined.Add(1);
        logger.LogError(exception, "Log store: the index of {Path} cannot be read; entries of it are not found, all others are", part.FilePath);
    }

    private LogPart? TryOpen(string path)
    {
        try
        {
            return LogPart.Open(files, path, codec, streams);
        }
        catch (CorruptFileException exception)
        {
            Interlocked.Increment(ref _quarantined);
            instruments.Quarantined.Add(1);
            Quarantine(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Log store: part {Path} cannot be opened; it is not served", path);
        }
        return null;
    }

    /// <summary>Renames a part's file, so that it is no longer served and whoever wants can look at it.</summary>
    private void Quarantine(string path, string reason)
    {
        var aside = path + LogPartFormat.QuarantineSuffix;
        try
        {
            files.Rename(path, aside);
            logger.LogError("Log store: part {Path} is damaged ({Reason}); it was renamed to {Aside} and is not served. All other parts are",
                path, reason, aside);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Log store: part {Path} is damaged ({Reason}) and cannot be renamed; it is not served", path, reason);
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
            logger.LogWarning(exception, "Log store: {Path} cannot be removed; the next start tries again", path);
        }
    }

    private string PathOf(long number) => Path.Combine(directory, LogPartFormat.FileName(number));
}
