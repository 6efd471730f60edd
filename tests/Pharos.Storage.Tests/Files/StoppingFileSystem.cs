using Pharos.Storage.Files;

namespace Pharos.Storage.Tests.Files;

/// <summary>A disk to which nothing more happens from one changing operation on, as when the process ends there. What is under way in the
/// store runs into errors, which nobody asks about.</summary>
internal sealed class StoppingFileSystem(IFileSystem disk) : IFileSystem
{
    /// <summary>The number of the changing operation that is the first not to happen, counted from 1; 0 for none.</summary>
    public int StopAt { get; init; }

    /// <summary>What may not be read, by the end of its path; null for nothing.</summary>
    public string? Denied { get; init; }

    public int Operations { get; private set; }

    public void CreateDirectory(string path) => disk.CreateDirectory(path);

    public IReadOnlyList<string> Files(string directory) => disk.Files(directory);

    public bool Exists(string path) => disk.Exists(path);

    public long Size(string path) => disk.Size(path);

    public IAppendFile Create(string path)
    {
        Step();
        return new File(this, disk.Create(path));
    }

    public IReadFile OpenRead(string path) => Denied is { } end && path.EndsWith(end, StringComparison.Ordinal)
        ? throw new UnauthorizedAccessException($"access to {path} is denied") : disk.OpenRead(path);

    public void Rename(string from, string to)
    {
        Step();
        disk.Rename(from, to);
    }

    public void Delete(string path)
    {
        Step();
        disk.Delete(path);
    }

    public void Truncate(string path, long sizeBytes)
    {
        Step();
        disk.Truncate(path, sizeBytes);
    }

    public void SyncDirectory(string path)
    {
        Step();
        disk.SyncDirectory(path);
    }

    private void Step()
    {
        Operations++;
        if (StopAt > 0 && Operations >= StopAt)
        {
            throw new IOException("the process has ended");
        }
    }

    private sealed class File(StoppingFileSystem owner, IAppendFile file) : IAppendFile
    {
        public long SizeBytes => file.SizeBytes;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            owner.Step();
            file.Append(bytes);
        }

        public void Sync()
        {
            owner.Step();
            file.Sync();
        }

        public void Truncate(long sizeBytes)
        {
            owner.Step();
            file.Truncate(sizeBytes);
        }

        public void Dispose() => file.Dispose();
    }
}
