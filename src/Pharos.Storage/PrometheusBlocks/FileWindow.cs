using Pharos.Storage.Files;

namespace Pharos.Storage.PrometheusBlocks;

/// <summary>Reads a file piece by piece and keeps what lies around the last piece, because the next one mostly does too.</summary>
/// <remarks>Not thread-safe: each reader of a file has a window of its own.</remarks>
internal sealed class FileWindow(IReadFile file, string path, int windowBytes = FileWindow.DefaultBytes)
{
    private const int DefaultBytes = 256 * 1024;

    private byte[] _window = [];
    private long _offset;
    private int _length;

    public long SizeBytes => file.SizeBytes;

    public string Path => path;

    /// <summary>Valid until the next call.</summary>
    /// <exception cref="CorruptFileException">The file ends before.</exception>
    public ReadOnlySpan<byte> Read(long offset, int sizeBytes)
    {
        if (offset < 0 || sizeBytes < 0 || offset > file.SizeBytes - sizeBytes)
        {
            throw new CorruptFileException(path, offset, $"{sizeBytes} bytes are referred to there, of {file.SizeBytes} in all");
        }
        if (offset < _offset || offset + sizeBytes > _offset + _length)
        {
            if (_window.Length < Math.Max(sizeBytes, windowBytes))
            {
                _window = new byte[Math.Max(sizeBytes, windowBytes)];
            }
            _offset = offset;
            _length = (int)Math.Min(_window.Length, file.SizeBytes - offset);
            file.Read(offset, _window.AsSpan(0, _length));
        }
        return _window.AsSpan((int)(offset - _offset), sizeBytes);
    }

    /// <summary>So many bytes, or as many as the file still has.</summary>
    public ReadOnlySpan<byte> ReadUpTo(long offset, int sizeBytes) =>
        Read(offset, (int)Math.Clamp(file.SizeBytes - offset, 0, sizeBytes));
}
