using Pharos.Storage.Files;

namespace Pharos.Storage.Tests.Files;

/// <summary>A disk in memory that fails when it is told to, and that forgets at a power cut what was not synced.</summary>
internal sealed class ForgetfulFileSystem : IFileSystem
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Contents> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Contents> _durableNames = new(StringComparer.Ordinal);
    private int _operations;

    /// <summary>The number of the changing operation that fails, counted from 1; 0 for none.</summary>
    public int FailAt { get; set; }

    /// <summary>How many from <see cref="FailAt"/> on fail.</summary>
    public int FailuresInARow { get; set; } = 1;

    /// <summary>Whether all that come after <see cref="FailAt"/> fail too, as on a full disk.</summary>
    public bool FailsFromThenOn { get; set; }

    public int Operations => _operations;

    /// <summary>Runs once, at the start of the next sync of a file: what another thread does just then.</summary>
    public Action? BeforeNextSync { get; set; }

    /// <summary>The disk as it is after a power cut: names as of the last sync of their folder, contents as of their last sync
    /// and, of what came after, as many bytes as chance let through.</summary>
    public ForgetfulFileSystem CutPower(Random random)
    {
        lock (_lock)
        {
            var after = new ForgetfulFileSystem();
            foreach (var (name, contents) in _durableNames)
            {
                var kept = random.Next(contents.SyncedSize, contents.Bytes.Count + 1);
                var copy = new Contents { SyncedSize = kept };
                copy.Bytes.AddRange(contents.Bytes.Take(kept));
                after._names[name] = after._durableNames[name] = copy;
            }
            return after;
        }
    }

    public void CreateDirectory(string path)
    {
        // Folders are part of the names.
    }

    public IReadOnlyList<string> Files(string directory)
    {
        lock (_lock)
        {
            return [.. _names.Keys.Where(name => Path.GetDirectoryName(name) == directory)
                .Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal)];
        }
    }

    public bool Exists(string path)
    {
        lock (_lock)
        {
            return _names.ContainsKey(path);
        }
    }

    public long Size(string path) => Find(path).Bytes.Count;

    public IAppendFile Create(string path)
    {
        lock (_lock)
        {
            Fail("create");
            _names[path] = new Contents();
            return new AppendFile(this, _names[path]);
        }
    }

    public IReadFile OpenRead(string path) => new ReadFile(this, Find(path), path);

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Fail("rename");
            _names[to] = Find(from);
            _names.Remove(from);
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Fail("delete");
            _names.Remove(path);
        }
    }

    public void Truncate(string path, long sizeBytes)
    {
        lock (_lock)
        {
            Fail("truncate");
            Find(path).Cut((int)sizeBytes);
        }
    }

    public void SyncDirectory(string path)
    {
        lock (_lock)
        {
            Fail("sync of a folder");
            foreach (var gone in _durableNames.Keys.Where(name => Path.GetDirectoryName(name) == path && !_names.ContainsKey(name)).ToArray())
            {
                _durableNames.Remove(gone);
            }
            foreach (var (name, contents) in _names.Where(name => Path.GetDirectoryName(name.Key) == path))
            {
                _durableNames[name] = contents;
            }
        }
    }

    private Contents Find(string path)
    {
        lock (_lock)
        {
            return _names.TryGetValue(path, out var contents) ? contents : throw new FileNotFoundException(path);
        }
    }

    private void Fail(string what)
    {
        _operations++;
        if (FailAt > 0 && _operations >= FailAt && (FailsFromThenOn || _operations < FailAt + FailuresInARow))
        {
            throw new IOException($"the disk refuses: {what}, operation {_operations}");
        }
    }

    private sealed class Contents
    {
        public List<byte> Bytes { get; } = [];

        public int SyncedSize { get; set; }

        public void Cut(int size)
        {
            Bytes.RemoveRange(size, Bytes.Count - size);
            SyncedSize = Math.Min(SyncedSize, size);
        }
    }

    private sealed class AppendFile(ForgetfulFileSystem disk, Contents contents) : IAppendFile
    {
        private bool _isDisposed;

        public long SizeBytes { get; private set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (disk._lock)
            {
                try
                {
                    disk.Fail("write");
                }
                catch (IOException)
                {
                    // A write that fails may have got half way.
                    contents.Bytes.AddRange(bytes[..(bytes.Length / 2)].ToArray());
                    throw;
                }
                contents.Bytes.AddRange(bytes.ToArray());
                SizeBytes += bytes.Length;
            }
        }

        public void Sync()
        {
            var before = disk.BeforeNextSync;
            disk.BeforeNextSync = null;
            before?.Invoke();
            lock (disk._lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                disk.Fail("sync");
                contents.SyncedSize = contents.Bytes.Count;
            }
        }

        public void Truncate(long sizeBytes)
        {
            lock (disk._lock)
            {
                disk.Fail("truncate");
                contents.Cut((int)sizeBytes);
                SizeBytes = sizeBytes;
            }
        }

        public void Dispose() => _isDisposed = true;
    }

    private sealed class ReadFile(ForgetfulFileSystem disk, Contents contents, string path) : IReadFile
    {
        public long SizeBytes { get; } = contents.Bytes.Count;

        public void Read(long offset, Span<byte> into)
        {
            lock (disk._lock)
            {
                if (offset + into.Length > contents.Bytes.Count)
                {
                    throw new CorruptFileException(path, offset, "the file ends too early");
                }
                contents.Bytes.GetRange((int)offset, into.Length).ToArray().CopyTo(into);
            }
        }

        public void Dispose()
        {
        }
    }
}
