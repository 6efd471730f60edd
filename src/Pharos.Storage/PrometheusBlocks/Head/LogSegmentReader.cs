using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;
using ZstdSharp;

namespace Pharos.Storage.PrometheusBlocks.Head;

/// <summary>Walks the records of one segment of a Prometheus log.</summary>
/// <remarks>Not thread-safe. Pages of 32 KB hold fragments of records, each with type, length and checksum
/// (tsdb/docs/format/wal.md of Prometheus).</remarks>
internal sealed class LogSegmentReader : IDisposable
{
    private const int PageBytes = 32 * 1024;
    private const int HeaderBytes = 7;
    private const byte TypeMask = 0b0000_0111;
    private const byte SnappyFlag = 0b0000_1000;
    private const byte ZstdFlag = 0b0001_0000;

    /// <summary>Bounds what a compressed record may unpack to. Prometheus writes records of a few megabytes at most.</summary>
    private const int MaxRecordBytes = 256 * 1024 * 1024;

    private readonly IReadFile _file;
    private readonly FileWindow _window;
    private readonly string _path;
    private readonly MemoryStream _record = new();
    private long _offset;

    public LogSegmentReader(IFileSystem files, string path)
    {
        _path = path;
        _file = files.OpenRead(path);
        _window = new FileWindow(_file, path);
    }

    /// <summary>Where the record read last begins.</summary>
    public long RecordOffset { get; private set; }

    /// <summary>The segment ended within a record: it was being written when the process was killed.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>The next whole record, unpacked; null at the end.</summary>
    /// <exception cref="CorruptFileException">A fragment is not what was written, and more follows it.</exception>
    public byte[]? Next()
    {
        _record.SetLength(0);
        var flags = (byte)0;
        while (NextFragment(out var header, out var fragment))
        {
            var kind = (Fragment)(header & TypeMask);
            var isFirst = kind is Fragment.Full or Fragment.First;
            if (isFirst != (_record.Length == 0))
            {
                throw new CorruptFileException(_path, _offset, "fragments of records out of their order");
            }
            if (isFirst)
            {
                RecordOffset = _offset - HeaderBytes - fragment.Length;
                flags = header;
            }
            _record.Write(fragment);
            if (kind is Fragment.Full or Fragment.Last)
            {
                return Unpack(flags, _record.GetBuffer().AsSpan(0, (int)_record.Length));
            }
        }
        IsTorn |= _record.Length > 0;
        return null;
    }

    public void Dispose()
    {
        _file.Dispose();
        _record.Dispose();
    }

    private bool NextFragment(out byte header, out ReadOnlySpan<byte> fragment)
    {
        header = 0;
        fragment = default;
        while (_offset < _file.SizeBytes)
        {
            var leftInPage = PageBytes - (int)(_offset % PageBytes);
            header = _window.Read(_offset, 1)[0];
            if ((header & TypeMask) == (byte)Fragment.RestOfPage)
            {
                _offset += leftInPage;
                continue;
            }
            if (_file.SizeBytes - _offset < HeaderBytes)
            {
                return Torn();
            }
            var head = _window.Read(_offset, HeaderBytes);
            var length = BinaryPrimitives.ReadUInt16BigEndian(head[1..]);
            var checksum = BinaryPrimitives.ReadUInt32BigEndian(head[3..]);
            if ((header & TypeMask) > (byte)Fragment.Last || length > leftInPage - HeaderBytes)
            {
                throw new CorruptFileException(_path, _offset, "a fragment of a record with an unknown type or a length beyond its page");
            }
            if (_offset + HeaderBytes + length > _file.SizeBytes)
            {
                return Torn();
            }
            fragment = _window.Read(_offset + HeaderBytes, length);
            if (Crc32C.Of(fragment) != checksum)
            {
                throw new CorruptFileException(_path, _offset, "the checksum of a record is another");
            }
            _offset += HeaderBytes + length;
            return true;
        }
        return false;
    }

    private bool Torn()
    {
        IsTorn = true;
        _offset = _file.SizeBytes;
        return false;
    }

    private byte[] Unpack(byte flags, ReadOnlySpan<byte> record)
    {
        try
        {
            if ((flags & SnappyFlag) != 0)
            {
                return SnappyBlock.Unpack(record, MaxRecordBytes);
            }
            if ((flags & ZstdFlag) != 0)
            {
                using var zstd = new Decompressor();
                return zstd.Unwrap(record, MaxRecordBytes).ToArray();
            }
            return record.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException)
        {
            throw new CorruptFileException(_path, RecordOffset, $"a record cannot be unpacked: {e.Message}");
        }
    }

    private enum Fragment : byte
    {
        RestOfPage = 0,
        Full = 1,
        First = 2,
        Middle = 3,
        Last = 4,
    }
}
