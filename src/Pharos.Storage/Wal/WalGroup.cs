using Pharos.Storage.Encoding;

namespace Pharos.Storage.Wal;

/// <summary>Records that go to the log together: one write, one sync, all of them or none.</summary>
internal sealed class WalGroup
{
    /// <summary>A larger buffer is not kept for the next group.</summary>
    private const int MaxKeptBytes = 16 * 1024 * 1024;

    private ByteWriter _frames = new(64 * 1024);

    public bool IsEmpty => _frames.Length == 0;

    /// <summary>The records as they stand in a segment.</summary>
    public ReadOnlySpan<byte> Frames => _frames.Written;

    /// <exception cref="IOException">The record is too long for the log; the group is as before.</exception>
    public void Add(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > WalFormat.MaxPayloadBytes || payload.Length > WalFormat.MaxPayloadBytes - _frames.Length)
        {
            throw new IOException($"a record of {payload.Length} bytes is longer than a log record may be");
        }
        WalFormat.WriteRecordHeader(_frames.Reserve(WalFormat.RecordHeaderBytes), payload);
        _frames.Advance(WalFormat.RecordHeaderBytes);
        _frames.Bytes(payload);
    }

    public void Clear()
    {
        if (_frames.Length > MaxKeptBytes)
        {
            _frames = new ByteWriter(64 * 1024);
        }
        _frames.Clear();
    }
}
