namespace Pharos.Storage.Files;

/// <summary>Keeps a second process out of a data folder. The operating system releases it when the process ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="IOException">Another process, or another store of this one, has the folder open.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DirectoryLock(file);
        }
        catch (IOException exception)
        {
            throw new IOException($"data folder {directory} is in use by another process: its file {path} is locked. "
                + "Stop that process or choose another folder", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
