namespace Pharos.Storage.Files;

/// <summary>The few things that the stores ask of a disk; a test puts one that fails and forgets in its place.</summary>
/// <remarks>Thread-safe. Every member throws <see cref="IOException"/> (or <see cref="UnauthorizedAccessException"/>) when
/// the disk refuses. A name or a size is durable only after <see cref="SyncDirectory"/>, contents only after
/// <see cref="IAppendFile.Sync"/>.</remarks>
internal interface IFileSystem
{
    void CreateDirectory(string path);

    /// <summary>The names (without folder) of the files in a folder, in ordinal order.</summary>
    IReadOnlyList<string> Files(string directory);

    bool Exists(string path);

    /// <summary>Whether anything has this name: a file, a folder, a link that leads nowhere.</summary>
    bool IsTaken(string path) => Exists(path);

    long Size(string path);

    /// <summary>Makes an empty file, in place of one that may be there.</summary>
    IAppendFile Create(string path);

    IReadFile OpenRead(string path);

    /// <summary>As <see cref="OpenRead"/>, for a file that is not written any more and is read in many small pieces.</summary>
    IReadFile OpenMapped(string path) => OpenRead(path);

    /// <summary>Gives a file another name in the same folder, in place of one that may have it.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>Cuts a file that nobody has open.</summary>
    void Truncate(string path, long sizeBytes);

    void SyncDirectory(string path);
}
