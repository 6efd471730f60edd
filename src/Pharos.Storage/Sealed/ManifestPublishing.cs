using Microsoft.Extensions.Logging;
using Pharos.Storage.Files;
using Pharos.Storage.Wal;

namespace Pharos.Storage.Sealed;

/// <summary>How a store's manifest takes the place of the one before: what it does not name any more, sealed files that others replaced and
/// segments of the log, is removed only once no power cut can bring a manifest back that needs it.</summary>
internal sealed class ManifestPublishing<T>(SealedFolder<T> folder, IFileSystem files, string storeDirectory, ILogger logger)
    where T : class, ISealedFile
{
    private readonly List<T> _obsolete = [];

    /// <summary>Held while a manifest and its view are made from those at hand; guards all that is here.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Whether a power cut brings an older manifest back.</summary>
    public bool IsUnsynced { get; private set; }

    public string WalDirectory { get; } = Path.Combine(storeDirectory, "wal");

    /// <summary>The manifest was replaced. It holds for this process and the next; only a power cut may bring the one before back.</summary>
    public void Written()
    {
        IsUnsynced = true;
        TrySync();
    }

    /// <summary>The manifest at hand does not name these.</summary>
    public void AddObsolete(IEnumerable<T> replaced) => _obsolete.AddRange(replaced);

    /// <summary>Removes what nothing needs any more; called without the lock.</summary>
    /// <param name="firstSegment">The first of the log that is needed.</param>
    public void RemoveObsolete(long firstSegment)
    {
        T[] obsolete;
        lock (Lock)
        {
            if (IsUnsynced && !TrySync())
            {
                return;
            }
            obsolete = [.. _obsolete];
            _obsolete.Clear();
        }
        foreach (var file in obsolete)
        {
            folder.Remove(file);
        }
        RemoveSegments(firstSegment);
    }

    private bool TrySync()
    {
        try
        {
            files.SyncDirectory(storeDirectory);
            IsUnsynced = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "{Store}: folder {Directory} cannot be synced; no file is removed before it can", folder.Store, storeDirectory);
            return false;
        }
    }

    private void RemoveSegments(long firstSegment)
    {
        foreach (var number in WalSegments.Numbers(files, WalDirectory, WalSegments.SegmentSuffix).TakeWhile(number => number < firstSegment))
        {
            var path = Path.Combine(WalDirectory, WalSegments.SegmentName(number));
            try
            {
                files.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.LogWarning(exception, "{Store}: segment {Path} cannot be removed; it is tried again", folder.Store, path);
                return;
            }
        }
    }
}
