using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Sealed;

/// <summary>A sealed file while it is written: it gets its name only when it is whole and synced; disposing before removes it.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SealedFileWriter : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _path;
    private readonly SealedFileKind _kind;
    private readonly int _bufferBytes;
    private readonly IAppendFile _file;
    private bool _isFinished;

    /// <param name="bufferBytes">What is pending goes to the file once it is so much.</param>
    public SealedFileWriter(IFileSystem files, string path, SealedFileKind kind, int bufferBytes)
    {
        (_files, _path, _kind, _bufferBytes) = (files, path, kind, bufferBytes);
        _file = files.Create(path + SealedFileKind.TemporarySuffix);
        Pending = new ByteWriter(bufferBytes * 2);
        Pending.U32(kind.Magic);
        Pending.U32(kind.Version);
    }

    /// <summary>What comes behind all that was written.</summary>
    public ByteWriter Pending { get; }

    /// <summary>Where in the file the next byte goes.</summary>
    public long Offset => _file.SizeBytes + Pending.Length;

    public void FlushWhenFull()
    {
        if (Pending.Length >= _bufferBytes)
        {
            Flush();
        }
    }

    /// <summary>Writes bytes at once, without a copy.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Flush();
        _file.Append(bytes);
    }

    public SectionPlace WriteSection(ReadOnlySpan<byte> section)
    {
        var place = new SectionPlace(Offset, section.Length, Crc32C.Of(section));
        Append(section);
        return place;
    }

    /// <summary>Publishes the file under its name.</summary>
    public void Finish(ReadOnlySpan<byte> contents)
    {
        Pending.Bytes(contents);
        Pending.U32((uint)contents.Length);
        Pending.U32(Crc32C.Of(contents));
        Pending.U32(_kind.Magic);
        Flush();
        _file.Sync();
        _file.Dispose();
        _files.Rename(_path + SealedFileKind.TemporarySuffix, _path);
        _files.SyncDirectory(Path.GetDirectoryName(_path)!);
        _isFinished = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isFinished)
        {
            try
            {
                _files.Delete(_path + SealedFileKind.TemporarySuffix);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next start removes what is left.
            }
        }
    }

    private void Flush()
    {
        if (Pending.Length > 0)
        {
            _file.Append(Pending.Written);
            Pending.Clear();
        }
    }
}
