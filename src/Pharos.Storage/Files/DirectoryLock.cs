namespace Pharos.Storage.Files;

/// <summary>Keeps a second process out of a data folder. The operating system releases it when the process ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    // EWOULDBLOCK of Linux and of the BSDs, ERROR_SHARING_VIOLATION of Windows: what else fails is no lock of somebody.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="IOException">Another process, or another store of this one, has the folder open, or it cannot be written.</exception>
    public static DirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, "lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DirectoryLock(file);
        }
        catch (IOException exception) when (HeldByAnother.Contains(exception.HResult))
        {
            throw new IOException($"data folder {directory} is in use by another process: its file {path} is locked. "
                + "Stop that process or choose another folder", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"data folder {directory} cannot be written: {exception.Message}", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
