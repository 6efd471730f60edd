using System.Buffers.Binary;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Storage.Wal;

/// <summary>Walks the whole records of a segment or checkpoint and steps over damage to the next whole one.</summary>
/// <remarks>Not thread-safe. Reads through a window that holds the record at hand, so a file of any size is fine.</remarks>
internal sealed class WalRecordReader : IDisposable
{
    private const int WindowBytes = 1024 * 1024;

    private readonly IReadFile _file;
    private byte[] _window = new byte[WindowBytes];
    private long _windowOffset;
    private int _windowLength;
    private long _offset;
    private long _damageStart = -1;

    /// <param name="startOffset">Where to go on, behind a record; 0 for the start of the file.</param>
    public WalRecordReader(IFileSystem files, string path, long startOffset = 0)
    {
        Path = path;
        _file = files.OpenRead(path);
        Limit = _file.SizeBytes;
        if (startOffset > 0)
        {
            _offset = startOffset;
            return;
        }
        if (Fill(0, WalFormat.FileHeaderBytes) is { Length: > 0 } header
            && BinaryPrimitives.ReadUInt32LittleEndian(header) == WalFormat.FileMagic
            && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == WalFormat.Version)
        {
            _offset = WalFormat.FileHeaderBytes;
        }
        else if (_file.SizeBytes > 0)
        {
            // No header, or not ours: look for records from the first byte on.
            _damageStart = 0;
        }
    }

    public string Path { get; }

    /// <summary>Where the file ends for this reader; raised by whoever reads a file that still grows.</summary>
    public long Limit { get; set; }

    /// <summary>Behind the current record.</summary>
    public long Offset => _offset;

    /// <summary>Where the payload of the current record starts in the file.</summary>
    public long PayloadOffset { get; private set; }

    /// <summary>Start and length of each stretch that is not a whole record but has whole ones behind it.</summary>
    public List<(long Offset, long SizeBytes)> Damage { get; } = [];

    /// <summary>After the last record: the end of the last whole one, where what follows is no whole record; -1 where the file ends
    /// with a whole record.</summary>
    public long TornAt { get; private set; } = -1;

    /// <summary>Whether what follows <see cref="TornAt"/> begins as a record does and ends too early: a write that did not get
    /// further, as far as anybody can tell. Else its bytes are not what was written.</summary>
    public bool IsTailCutOff { get; private set; }

    /// <summary>The next whole record's payload, valid until the next call; false at the end of the file.</summary>
    public bool Next(out ReadOnlySpan<byte> payload)
    {
        while (_offset < Limit)
        {
            payload = RecordAt(_offset);
            if (payload.Length > 0)
            {
                EndDamage(_offset);
                PayloadOffset = _offset + WalFormat.RecordHeaderBytes;
                _offset = PayloadOffset + payload.Length;
                return true;
            }
            if (_damageStart < 0)
            {
                _damageStart = _offset;
            }
            _offset = NextMagic(_offset + 1);
        }
        TornAt = _damageStart;
        IsTailCutOff = TornAt >= 0 && IsCutOff(TornAt);
        payload = default;
        return false;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The payload of a whole record at a place, or nothing where there is none.</summary>
    private ReadOnlySpan<byte> RecordAt(long offset)
    {
        var header = Fill(offset, WalFormat.RecordHeaderBytes);
        if (header.Length == 0 || BinaryPrimitives.ReadUInt32LittleEndian(header) != WalFormat.RecordMagic)
        {
            return default;
        }
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (size is 0 or > WalFormat.MaxPayloadBytes)
        {
            return default;
        }
        var record = Fill(offset, WalFormat.RecordHeaderBytes + (int)size);
        if (record.Length == 0)
        {
            return default;
        }
        var payload = record[WalFormat.RecordHeaderBytes..];
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(record[8..]);
        return checksum == Crc32C.Of(payload, Crc32C.Of(record[4..8])) ? payload : default;
    }

    private bool IsCutOff(long offset)
    {
        if (offset < WalFormat.FileHeaderBytes)
        {
            return Limit < WalFormat.FileHeaderBytes;
        }
        Span<byte> expected = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(expected, WalFormat.RecordMagic);
        var header = Fill(offset, (int)Math.Min(WalFormat.RecordHeaderBytes, Limit - offset));
        var magicBytes = Math.Min(expected.Length, header.Length);
        if (!header[..magicBytes].SequenceEqual(expected[..magicBytes]))
        {
            return false;
        }
        if (header.Length < WalFormat.RecordHeaderBytes)
        {
            return true;
        }
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return size is > 0 and <= WalFormat.MaxPayloadBytes && size > Limit - offset - WalFormat.RecordHeaderBytes;
    }

    private long NextMagic(long from)
    {
        Span<byte> magic = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, WalFormat.RecordMagic);
        while (from < Limit)
        {
            var size = (int)Math.Min(WindowBytes, Limit - from);
            var found = Fill(from, size).IndexOf(magic);
            if (found >= 0)
            {
                return from + found;
            }

            // The magic may lie across the end of the window.
            from = from + size == Limit ? Limit : from + size - (magic.Length - 1);
        }
        return Limit;
    }

    private void EndDamage(long offset)
    {
        if (_damageStart >= 0)
        {
            Damage.Add((_damageStart, offset - _damageStart));
            _damageStart = -1;
        }
    }

    /// <summary>So many bytes from a place, or nothing where the file ends before.</summary>
    private ReadOnlySpan<byte> Fill(long offset, int size)
    {
        if (offset + size > Limit)
        {
            return default;
        }
        if (offset < _windowOffset || offset + size > _windowOffset + _windowLength)
        {
            if (size > _window.Length)
            {
                _window = new byte[size];
            }
            _windowLength = (int)Math.Min(_window.Length, Limit - offset);
            _windowOffset = offset;
            _file.Read(offset, _window.AsSpan(0, _windowLength));
        }
        return _window.AsSpan((int)(offset - _windowOffset), size);
    }
}
