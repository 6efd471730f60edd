using Microsoft.Win32.SafeHandles;
using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>A file as it is.</summary>
internal sealed class PlainContent : IContent
{
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    public PlainContent(string path)
    {
        _path = path;
        _handle = SharedReadFile.Open(path);
    }

    public FileStatus Status() => FileStatus.Read(_handle, _path);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_handle, buffer, offset);

    public void Dispose() => _handle.Dispose();
}
