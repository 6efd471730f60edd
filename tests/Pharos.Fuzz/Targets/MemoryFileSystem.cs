using Pharos.Storage.Files;

namespace Pharos.Fuzz.Targets;

/// <summary>A disk in memory that neither fails nor forgets.</summary>
internal sealed class MemoryFileSystem : IFileSystem
{
    private readonly Dictionary<string, List<byte>> _files = new(StringComparer.Ordinal);

    public byte[] this[string path]
    {
        get => [.. _files[path]];
        set => _files[path] = [.. value];
    }

    public void CreateDirectory(string path)
    {
        // Folders are part of the names.
    }

    public IReadOnlyList<string> Files(string directory) =>
        [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public bool Exists(string path) => _files.ContainsKey(path);

    public long Size(string path) => Found(path).Count;

    public IAppendFile Create(string path) => new AppendFile(_files[path] = []);

    public IReadFile OpenRead(string path) => new ReadFile(path, [.. Found(path)]);

    public void Rename(string from, string to)
    {
        _files[to] = Found(from);
        _files.Remove(from);
    }

    public void Delete(string path) => _files.Remove(path);

    public void Truncate(string path, long sizeBytes) => Cut(Found(path), sizeBytes);

    public void SyncDirectory(string path)
    {
        // Nothing is ever lost.
    }

    private static void Cut(List<byte> bytes, long sizeBytes) => bytes.RemoveRange((int)sizeBytes, bytes.Count - (int)sizeBytes);

    private List<byte> Found(string path) => _files.TryGetValue(path, out var bytes) ? bytes : throw new FileNotFoundException("no such file", path);

    private sealed class AppendFile(List<byte> bytes) : IAppendFile
    {
        public long SizeBytes => bytes.Count;

        public void Append(ReadOnlySpan<byte> more) => bytes.AddRange(more);

        public void Sync()
        {
            // Nothing is ever lost.
        }

        public void Truncate(long sizeBytes) => Cut(bytes, sizeBytes);

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    private sealed class ReadFile(string path, byte[] bytes) : IReadFile
    {
        public long SizeBytes => bytes.Length;

        public void Read(long offset, Span<byte> into)
        {
            if (offset < 0 || offset > bytes.Length - into.Length)
            {
                throw new CorruptFileException(path, offset, "the file ends before");
            }
            bytes.AsSpan((int)offset, into.Length).CopyTo(into);
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
