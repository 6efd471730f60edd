using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace Pharos.Storage.Files;

/// <summary>The disk itself.</summary>
internal sealed class DiskFileSystem : IFileSystem
{
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> Files(string directory) => Directory.Exists(directory)
        ? [.. new FileSystemEnumerable<string>(directory, static (ref entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = IsFile,
        }.Order(StringComparer.Ordinal)]
        : [];

    public bool Exists(string path) => File.Exists(path);

    public bool IsTaken(string path) => Path.Exists(path);

    public long Size(string path) => new FileInfo(path).Length;

    public IAppendFile Create(string path) =>
        new AppendFile(File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete));

    public IReadFile OpenRead(string path) => new ReadFile(path,
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));

    public IReadFile OpenMapped(string path) => MappedReadFile.Open(path) ?? OpenRead(path);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path) => File.Delete(path);

    public void Truncate(string path, long sizeBytes)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.SetLength(handle, sizeBytes);
        RandomAccess.FlushToDisk(handle);
    }

    public void SyncDirectory(string path) => DirectorySync.Sync(path);

    /// <summary>A link that leads nowhere has a name and nothing else.</summary>
    private static bool IsFile(ref FileSystemEntry entry) =>
        !entry.IsDirectory && ((entry.Attributes & FileAttributes.ReparsePoint) == 0 || LeadsToFile(entry.ToFullPath()));

    private static bool LeadsToFile(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: true) is { Exists: true };
        }
        catch (IOException)
        {
            // It leads in a circle.
            return false;
        }
    }

    private sealed class AppendFile(SafeFileHandle handle) : IAppendFile
    {
        public long SizeBytes { get; private set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, SizeBytes);
            SizeBytes += bytes.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Truncate(long sizeBytes)
        {
            RandomAccess.SetLength(handle, sizeBytes);
            SizeBytes = sizeBytes;
        }

        public void Dispose() => handle.Dispose();
    }

    private sealed class ReadFile(string path, SafeFileHandle handle) : IReadFile
    {
        public long SizeBytes { get; } = RandomAccess.GetLength(handle);

        public void Read(long offset, Span<byte> into)
        {
            while (into.Length > 0)
            {
                var count = RandomAccess.Read(handle, into, offset);
                if (count == 0)
                {
                    throw new CorruptFileException(path, offset, $"the file ends {into.Length} bytes too early");
                }
                into = into[count..];
                offset += count;
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
