using System.IO.MemoryMappedFiles;

namespace Pharos.Storage.Files;

/// <summary>A file read through the memory of the operating system's cache: no call into it for each piece.</summary>
/// <remarks>The file's descriptor is closed at once; the mapping stays until it is disposed, also if the file is deleted.</remarks>
internal sealed class MappedReadFile : IReadFile
{
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

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
}
