using System.IO.Compression;
using Pharos.Collection.Shipping.Files.Bzip2;
using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>A packed file, unpacked on the way; reading goes forward, going back begins anew.</summary>
internal sealed class PackedContent : IContent
{
    private const int SkipBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly PackedFormat _format;
    private readonly byte[] _skipped = new byte[SkipBytes];
    private Stream? _unpacked;
    private long _at;

    public PackedContent(string path, PackedFormat format)
    {
        _path = path;
        _format = format;
        _file = new FileStream(SharedReadFile.Open(path), FileAccess.Read);
    }

    public FileStatus Status() => FileStatus.Read(_file.SafeFileHandle, _path);

    public int Read(Span<byte> buffer, long offset)
    {
        if (_unpacked is null || offset < _at)
        {
            Restart();
        }
        try
        {
            while (_at < offset)
            {
                var skipped = _unpacked!.Read(_skipped, 0, (int)Math.Min(SkipBytes, offset - _at));
                if (skipped == 0)
                {
                    Forget();
                    return 0;
                }
                _at += skipped;
            }
            var read = _unpacked!.Read(buffer);
            _at += read;
            if (read == 0)
            {
                // The file may grow: what the stream has seen as its end is not final.
                Forget();
            }
            return read;
        }
        catch
        {
            Forget();
            throw;
        }
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _file.Dispose();
    }

    private void Restart()
    {
        _unpacked?.Dispose();
        _file.Position = 0;
        _at = 0;
        _unpacked = _format switch
        {
            PackedFormat.Gzip => new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true),
            PackedFormat.Zlib => new ZLibStream(_file, CompressionMode.Decompress, leaveOpen: true),
            _ => new Bzip2Stream(_file),
        };
    }

    private void Forget()
    {
        _unpacked?.Dispose();
        _unpacked = null;
        _at = 0;
    }
}
