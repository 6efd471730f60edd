using System.IO.MemoryMappedFiles;

namespace Pharos.Storage.Files;

/// <summary>A file read through the memory of the operating system's cache: no call into it for each piece.</summary>
/// <remarks>The file's descriptor is closed at once; the mapping stays until it is disposed, also if the file is deleted. Whoever cuts
/// the file takes pages out of the mapping, and touching one of them ends the process: so its length is looked at before it is
/// read, once in a tick of the system's clock (4 to 10 ms; asking at each read would take as long as reading without a mapping). A
/// cut within such a tick, and a disk that cannot read a page, still end it.</remarks>
internal sealed class MappedReadFile : IReadFile
{
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private long _lookedAtMs;
    private volatile bool _isCut;

    private MappedReadFile(string path, MemoryMappedFile file, long sizeBytes)
    {
        _path = path;
        _file = file;
        _view = file.CreateViewAccessor(0, sizeBytes, MemoryMappedFileAccess.Read);
        SizeBytes = sizeBytes;
    }

    public long SizeBytes { get; }

    /// <summary>Null for a file that cannot be mapped: an empty one, or one of a file system without mappings.</summary>
    public static MappedReadFile? Open(string path)
    {
        var sizeBytes = new FileInfo(path).Length;
        if (sizeBytes == 0)
        {
            return null;
        }
        MemoryMappedFile? file = null;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, sizeBytes, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new MappedReadFile(path, file, sizeBytes);
        }
        catch (Exception exception) when (exception is NotSupportedException or IOException and not FileNotFoundException)
        {
            file?.Dispose();
            return null;
        }
    }

    public unsafe void Read(long offset, Span<byte> into)
    {
        if (offset < 0 || offset > SizeBytes - into.Length)
        {
            throw new CorruptFileException(_path, offset, $"the file ends {offset + into.Length - SizeBytes} bytes too early");
        }
        var nowMs = Environment.TickCount64;
        if (_isCut || (Volatile.Read(ref _lookedAtMs) != nowMs && IsCut()))
        {
            _isCut = true;
            throw new CorruptFileException(_path, offset, "the file has been cut since it was opened");
        }
        Volatile.Write(ref _lookedAtMs, nowMs);
        var handle = _view.SafeMemoryMappedViewHandle;
        byte* mapped = null;

        // Fails once it is disposed, and keeps the mapping until it is released. The handle's own ReadSpan copies byte by byte.
        handle.AcquirePointer(ref mapped);
        try
        {
            new ReadOnlySpan<byte>(mapped + offset, into.Length).CopyTo(into);
        }
        finally
        {
            handle.ReleasePointer();
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private bool IsCut()
    {
        try
        {
            return new FileInfo(_path).Length < SizeBytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Deleted or out of reach, which takes nothing from the mapping.
            return false;
        }
    }
}
