using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;

namespace Pharos.Storage.Sealed;

/// <summary>The folder of a store's sealed files: opens those that the manifest names, gives numbers, removes, sets aside what is damaged.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SealedFolder<T>(SealedFileKind kind, IFileSystem files, string directory, ILogger logger)
    where T : class, ISealedFile
{
    private long _lastNumber;
    private int _quarantined;

    /// <summary>What the log calls the store: "Log store".</summary>
    public required string Store { get; init; }

    /// <summary>What the log calls that of which the files consist: "blocks".</summary>
    public required string Pieces { get; init; }

    /// <summary>What the log calls that of which the files are full: "entries".</summary>
    public required string Contents { get; init; }

    /// <summary>Opens a file by its path.</summary>
    public required Func<string, T> OpenFile { get; init; }

    public required Counter<long> QuarantineCounter { get; init; }

    /// <summary>Files, and pieces of them, that were found damaged since the start.</summary>
    public int Quarantined => _quarantined;

    public long LastNumber => Volatile.Read(ref _lastNumber);

    /// <summary>Opens the files that a manifest names, and removes what is left of writes that did not get further.</summary>
    /// <param name="numbers">Null where the manifest is lost: then every file that is there serves.</param>
    /// <param name="lastNumber">The highest that a file ever had, as far as the manifest knows.</param>
    public List<T> OpenAll(IEnumerable<long>? numbers, long lastNumber)
    {
        var named = numbers?.ToHashSet();
        var opened = new List<T>();
        _lastNumber = lastNumber;
        foreach (var name in files.Files(directory))
        {
            var path = Path.Combine(directory, name);
            if (name.EndsWith(SealedFileKind.TemporarySuffix, StringComparison.Ordinal))
            {
                Remove(path);
                continue;
            }
            if (!kind.TryParse(name.Replace(SealedFileKind.QuarantineSuffix, "", StringComparison.Ordinal), out var number))
            {
                continue;
            }
            _lastNumber = Math.Max(_lastNumber, number);
            if (!name.EndsWith(kind.Suffix, StringComparison.Ordinal))
            {
                continue;
            }
            if (named is not null && !named.Remove(number))
            {
                Remove(path);
            }
            else if (TryOpen(path) is { } file)
            {
                opened.Add(file);
            }
        }
        foreach (var missing in named ?? [])
        {
            logger.LogError("{Store}: {Kind} {Path} is missing; its {Contents} are lost", Store, kind.Name, PathOf(missing), Contents);
        }
        return opened;
    }

    /// <summary>A number that no file ever had.</summary>
    public long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public string PathOf(long number) => Path.Combine(directory, kind.FileName(number));

    public T Open(long number) => OpenFile(PathOf(number));

    /// <summary>Removes a file; views that have it open go on reading. One with damage stays under another name.</summary>
    public void Remove(T file)
    {
        if (file.IsDamaged)
        {
            Quarantine(file.FilePath, $"some of its {Pieces} are damaged; the others were taken over into a new {kind.Name}");
        }
        else
        {
            Remove(file.FilePath);
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

    /// <summary>Takes back files that were written and opened, but cannot be published.</summary>
    public void Discard(IReadOnlyList<T> written)
    {
        ISealedFile.ReleaseAll(written);
        foreach (var file in written)
        {
            Remove(file);
        }
    }

    /// <summary>Something was found damaged that nobody knew of.</summary>
    public void CountDamage()
    {
        Interlocked.Increment(ref _quarantined);
        QuarantineCounter.Add(1);
    }

    private T? TryOpen(string path)
    {
        try
        {
            return OpenFile(path);
        }
        catch (CorruptFileException exception)
        {
            CountDamage();
            Quarantine(path, exception.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "{Store}: {Kind} {Path} cannot be opened; it is not served", Store, kind.Name, path);
        }
        return null;
    }

    /// <summary>Renames a file, so that it is no longer served and whoever wants can look at it.</summary>
    private void Quarantine(string path, string reason)
    {
        var aside = path + SealedFileKind.QuarantineSuffix;
        try
        {
            files.Rename(path, aside);
            logger.LogError("{Store}: {Kind} {Path} is damaged ({Reason}); it was renamed to {Aside} and is not served. All other {Kind}s are",
                Store, kind.Name, path, reason, aside, kind.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "{Store}: {Kind} {Path} is damaged ({Reason}) and cannot be renamed; it is not served",
                Store, kind.Name, path, reason);
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
            logger.LogWarning(exception, "{Store}: {Path} cannot be removed; the next start tries again", Store, path);
        }
    }
}
